"""A day's work: what commands and pages both do with an open casebook."""
