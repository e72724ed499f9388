"""What is kept, bitemporal: nothing is rewritten, every read takes an `as_of`.

Promise: an observation is a row (series, period, known_at, value) that is appended once and never
changed; a read at `as_of` sees no row whose `known_at` is later; what is appended in one
transaction is there whole or not at all; the same run twice stores nothing twice. SQLite and
PostgreSQL behave alike. Errors of SQLAlchemy and of the drivers do not leave this folder.
May import: domain, errors; SQLAlchemy, Alembic, numpy, pandas. Never feeds, validate or deliver.
To add a table, declare it in a module of this folder on `schema.METADATA`, and write the next
migration under `migrations/versions`; a test compares the two.
"""
