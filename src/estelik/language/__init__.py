"""Language: prose, dates in words, translations, direction."""
