"""Training: invented Kazakh and Uyghur persons, with their names as people and offices write them."""
