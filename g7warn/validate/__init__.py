"""Observations to accepted and quarantined, with a report; owns Great Expectations."""
