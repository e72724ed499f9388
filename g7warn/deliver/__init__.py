"""Notices to people: render, outbox, channels."""
