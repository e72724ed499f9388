"""Signals to severity x certainty to a grade, with reasons; rules stand in `rubric.yaml`."""
