"""The alphabets of the languages of the casebooks, and how each is written in others."""
