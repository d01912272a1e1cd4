"""Protection: the only door out. What may be shown to whom, and what would give somebody away."""
