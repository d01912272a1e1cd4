"""Measurements behind docs/performance.md: `make bench` repeats them, side by side, in one run."""
