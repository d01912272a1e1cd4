"""Media: what kind a file is, and what its metadata says, read where nothing can be harmed."""
