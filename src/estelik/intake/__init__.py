"""Intake: what a documenter types while somebody talks, read into one statement and read back."""
