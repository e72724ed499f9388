"""Pages and endpoints: the archive for analysts, members' own links and feeds, their JSON twins.

Promise: no route without authentication (a test asks each for 401, 403 and 200); what is shown has
passed `alerts.entitlement`; no foreign host, no script, no cookie readable by one; reading changes
nothing, acting needs a POST. Loopback by default: a proxy with TLS stands before anything else.
May import: pipeline and everything below, FastAPI, Jinja; Airflow in `airflow_plugin` alone.
To add a page, write a router in a module of its own, say who may see it with one of `access`'s
dependencies, include it in `app.create_app`, and add it to the table in `tests/unit/web`.
"""
