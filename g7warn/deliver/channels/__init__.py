"""One file a channel; channels never import one another."""
