"""The life of an alert: pure decisions, each with a Reason."""
