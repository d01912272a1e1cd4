"""Postings: the lists of an index being gathered, each under the number of its term."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from estelik.index import tables
from estelik.index.spool import referred
from estelik.records.vocabulary import TOLD

if TYPE_CHECKING:
    from collections.abc import Collection

    from estelik.records import Statement
    from estelik.records.stored import StoredStatement


class Postings:
    """The lists of one batch in one compartment, being gathered."""

    def __init__(self) -> None:
        self._lists: dict[int, list[int]] = {}
        self._sets: dict[int, dict[str, None]] = {}
        self._term = cache(tables.term)

    def all(self) -> dict[int, Collection[object]]:
        """The lists by term."""
        return {**self._lists, **self._sets}

    def statement(self, seq: int, record: StoredStatement, statement: Statement) -> None:
        """All that one statement is found by."""
        self.about(statement.about, [seq])
        self.told_in(record.testimony, [seq])
        if statement.place:
            self.at(statement.place, statement.about)
        self.refer(seq, tuple(referred(statement)))
        if TOLD in (statement.after, statement.before):
            self.count(seq, record.testimony)
        if statement.told and statement.testimony:
            self.date(record.testimony, statement.told)
        if statement.corrects:
            self.correct(seq, statement.corrects)

    def about(self, subject: str, seqs: list[int]) -> None:
        """The statements at ``seqs`` are about ``subject``."""
        self._seqs(tables.SUBJECT, subject).extend(seqs)

    def told_in(self, testimony: str, seqs: list[int]) -> None:
        """The statements at ``seqs`` were told in ``testimony``."""
        self._seqs(tables.TELLING, testimony).extend(seqs)

    def refer(self, seq: int, subjects: tuple[str, ...]) -> None:
        """The statement may refer to events of ``subjects``."""
        for subject in dict.fromkeys(subjects):
            self._seqs(tables.REFERENCE, subject).append(seq)

    def count(self, seq: int, testimony: str) -> None:
        """The statement counts from the day of the telling."""
        self._seqs(tables.COUNTS, testimony).append(seq)

    def judge(self, seq: int) -> None:
        """The record at ``seq`` is a judgement."""
        self._seqs(tables.JUDGEMENT, "").append(seq)

    def correct(self, seq: int, statement: str) -> None:
        """The statement corrects ``statement``."""
        self._seqs(tables.CORRECTION, statement).append(seq)

    def date(self, testimony: str, told: str) -> None:
        """A statement gives ``told`` as the date of the telling."""
        self._words(tables.TOLD, testimony)[told] = None

    def at(self, place: str, subject: str) -> None:
        """There is a statement about ``subject`` at ``place``."""
        self._words(tables.PLACE, place)[subject] = None
        self._words(tables.PLACES, "")[place] = None

    def _seqs(self, field: str, word: str) -> list[int]:
        return self._lists.setdefault(self._term(field, word), [])

    def _words(self, field: str, word: str) -> dict[str, None]:
        return self._sets.setdefault(self._term(field, word), {})
