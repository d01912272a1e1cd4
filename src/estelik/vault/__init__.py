"""The vault: keys, encrypted files and their append-only records; it knows nothing of what records mean."""
