"""Observations to accepted and quarantined rows, with a report that an analyst can read.

Promise: a bad row never raises, it is quarantined with the name of its defect; a bad batch raises
`ValidationFailed` and nothing of it is used; the input table is not changed. What is expected of a
dataset stands in `expectations/<suite>.json` and nowhere else.
May import: domain, errors; pandas, numpy, yaml, and alone in the project Great
Expectations, which is loaded only when a batch is validated (it takes seconds).
To add a dataset, write its suite in `expectations/`; to find a new kind of defect, add a helper
column to `columns/` and an expectation that checks it to the suites concerned.
"""

from g7warn.validate.batch import ValidationReport, inspect_batch, validate_batch

__all__ = ["ValidationReport", "inspect_batch", "validate_batch"]
