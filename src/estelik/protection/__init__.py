"""Protection: what gives people away, and what keeps it in."""
