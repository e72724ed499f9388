"""Supply: production and exports against what was expected, and how hard the plants run."""
