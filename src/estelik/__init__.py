"""Estelik: the working system of people who document the disappeared.

The package reads what people told (a statement sheet), keeps it in an
encrypted casebook, and works out for every person the earliest and the latest
day of every event, the contradictions with the statements that make them, what
to ask next, and who may have been held together.
"""

__version__ = "0.1.0"
