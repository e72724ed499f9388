"""Pages and endpoints: the archive, members' own pages, their JSON twins."""
