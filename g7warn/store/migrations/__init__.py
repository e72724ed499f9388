"""Steps from one schema to the next, in a line; Alembic runs them from `engine.upgrade`."""
