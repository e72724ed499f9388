"""The read side: what was warned of, when, why, on which data, and that nobody has altered it.

Promise: reads only, each with an `as_of`; who asks sees what `alerts.entitlement` lets them see;
a spreadsheet that opens an export computes nothing; a changed, removed or inserted event is named.
May import: store, alerts, domain, errors; SQLAlchemy.
To add a facet, name its column in `facets.py`; to add an export format, write a function in
`export.py`.
"""
