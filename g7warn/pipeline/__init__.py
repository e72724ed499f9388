"""Use cases, one module a DAG: they join the layers and hold no rules."""
