"""Chronology: when things happened, from uncertain, relative and contradictory words.

Pure functions over records; nothing here reads or writes anything. The way of
a question: statements -> lives (what counts, what hangs together) -> network
-> solver -> layers, conflicts, repairs -> timeline; from its ``Solution`` come
explanations, stints, status, encounters and questions.
"""
