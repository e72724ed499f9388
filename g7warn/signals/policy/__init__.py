"""Policy: restrictions and known dates, weighed by how much of the world's supply they touch."""
