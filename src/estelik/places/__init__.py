"""Places: what a label of a place stands for. Pure functions over records."""
