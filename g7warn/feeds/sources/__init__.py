"""One file a publisher; sources never import one another."""
