"""Demand: what is wanted against what is announced, by horizon."""
