"""Concentration: who could cut the supply. It changes once a year: context, never an alarm alone.

Severities end at MODERATE, kept for a threshold crossed with the newest data; standing above one
is MINOR.
"""
