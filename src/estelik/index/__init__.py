"""The index: derived tables that find statements; dropped and rebuilt at will, with the same answers."""
