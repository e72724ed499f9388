"""Data health: whether we can see at all. What is found here grades as Blind, never as calm.

Severities: SEVERE when the mineral's price indicators are silent, MODERATE when they rest on
doubtful data, MINOR when a reader should know.
"""
