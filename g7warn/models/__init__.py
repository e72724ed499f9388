"""Generic time series on (series x time) matrices; knows no mineral, does no I/O."""
