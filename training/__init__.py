"""Training: data that the project makes, and the programs that make it: invented persons, the gazetteer."""
