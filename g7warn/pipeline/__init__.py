"""Use cases, one module a DAG: they join the layers and hold no rules.

Promise: every use case takes an `as_of` (or a feed), returns counts and ids that are JSON-safe,
runs the same from a shell and from Airflow, and can be run again without harm. It never imports
Airflow. May import: everything below it. To add a use case, write a module with one public
function of that name, and give it a DAG in `dags/` or a command in `cli/`.
"""
