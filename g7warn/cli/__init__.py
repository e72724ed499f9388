"""The use cases from a shell."""
