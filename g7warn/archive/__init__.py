"""Read side for analysts: search, evidence, export."""
