"""Line: one line of text becomes the fields of one statement, and is read back.

What is understood is read the same every time; what is not is named. Nothing is guessed: where words
leave something open, the other readings stand beside the first.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import msgspec

from estelik.chronology import edtf
from estelik.errors import Sentence, UsageError
from estelik.intake.cells import closed, order, wrong
from estelik.intake.events import Mention, labels
from estelik.intake.place import places
from estelik.intake.readback import readback
from estelik.intake.reading import Context, Fault, Field, Reading, Unread
from estelik.intake.scan import Piece, Scan
from estelik.intake.table import LANGUAGES
from estelik.records.vocabulary import BIRTH, TOLD, kind_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from estelik.intake.reading import Ask

#: Marks of what was found, and signs between words.
_PASSED: Final = re.compile(r"[\ue000-\uf8ff\s.,;:!()，：-]")
#: Nobody types more than this in one line; a pasted account is read passage by passage.
MAX_LINE: Final = 500
#: No line is shown with more other readings than fit on a screen.
_MOST: Final = 6
_TIMES: Final = ("when", "age", "after", "before", "gap")
_SIGN: Final = re.compile(r"(?:^|(?<=\s)|(?<=[^\W\d]))([?？-])\s*$")
_SKIPPED: Final = re.compile(r"[\s.,;:!()\[\]'\"·、。！，；：/-]+")


def read(line: str, language: str = "en", context: Context | None = None) -> Reading:
    """What a line says.

    ``language`` is one of ``table.LANGUAGES`` (a region or script after it is let be). Bad input is never an
    error: it comes back as ``faults`` and ``unread``. Raises UsageError for a language without a table.
    """
    code = language.replace("_", "-").partition("-")[0].lower()
    if code not in LANGUAGES:
        raise UsageError(
            "No line can be typed in this language.",
            do=Sentence("Choose one of: %(words)s.", words=", ".join(LANGUAGES)),
        )
    context = context or Context()
    if len(line) > MAX_LINE:
        shown = Unread(0, len(line), line)
        return Reading(line, code, unread=(shown,), faults=("too-long",))
    scan = Scan(line, code, context)
    if not scan.text.strip():
        return Reading(line, code)
    return _Draft(scan).reading()


class _Draft:
    """The pieces of a line put together."""

    def __init__(self, scan: Scan) -> None:
        self.scan = scan
        self.context = scan.context
        self.cells: dict[str, tuple[str, Piece | None]] = {}
        self.choices: list[tuple[Piece, list[dict[str, str]]]] = []
        self.faults: list[Fault] = []
        self.again = False
        self.unread: list[tuple[int, int]] = []
        self.sign: tuple[int, int, str] | None = None

    def reading(self) -> Reading:
        """The whole."""
        scan = self.scan
        self._tail()
        asked = self._asked()
        self._unanswered()
        scan.run()
        self.unread += [*scan.no_days, *scan.no_years, *scan.not_born, *scan.not_counted]
        marks = scan.marks("event")
        self._beside(marks)
        self._main(marks)
        for start, end in scan.marks("date"):
            options = scan.at("date", start)
            scan.pieces.append(Piece(start, end, [{"when": str(one)} for one in options]))  # type: ignore[attr-defined]
            scan.done(start, end)
        scan.pieces += places(scan)
        for piece in scan.pieces:
            self._take(piece)
        self._answer(asked)
        self._alone()
        self._leftover()
        self._event()
        self._reference()
        self._checks()
        return self._made()

    # --- Answers ---------------------------------------------------------------------------------

    def _tail(self) -> None:
        """``?`` or a dash at the end, alone or after a word."""
        match = _SIGN.search(self.scan.text)
        if match:
            self.sign = (match.start(1), match.end(1), "refused" if match[1] == "-" else "unknown")
            self.scan.done(match.start(1), match.end(1))

    def _asked(self) -> Ask | None:
        """What is asked for, where only that stands before an answer."""
        rules, text = self.scan.rules, self.scan.text
        beside = [
            match.span() for name in ("unknown", "refused") for match in rules.beside[name].finditer(text)
        ]
        if not self.sign and not beside:
            return None
        for ask, words in rules.asks.items():
            match = words.search(text) if beside else words.match(text)
            if match:
                self.scan.done(*match.span())
                return ask  # type: ignore[return-value]
        return None

    def _unanswered(self) -> None:
        """Could not say, would not say: in words; and what the desk itself says before an event."""
        for name in ("unknown", "refused"):
            match = self.scan.rules.beside[name].search(self.scan.text)
            if match:
                self.scan.pieces.append(Piece(*match.span(), [{"answer": name}]))
                self.scan.done(*match.span())
        for name, words in self.scan.rules.opening.items():
            match = words.match(self.scan.text)
            if match:
                cell = {"answer": "no"} if name == "not" else {"expected": "yes"}
                self.scan.pieces.append(Piece(*match.span(), [cell]))
                self.scan.done(*match.span())

    def _answer(self, asked: Ask | None) -> None:
        """An answer that is no answer: could not say, would not say."""
        if self.sign:
            start, end, answer = self.sign
            if "answer" in self.cells:
                return
            if set(self.cells) & {*_TIMES, "place", "by", "via", "value"}:
                when = self.cells.get("when")
                if answer == "unknown" and when is not None:
                    from estelik.intake.dates import said

                    self.cells["when"] = (said("perhaps", [when[0]]) or when[0], when[1])
                else:
                    self.unread.append((start, end))
                return
            self.cells["answer"] = (answer, Piece(start, end, []))
        if self.cells.get("answer", ("",))[0] not in ("unknown", "refused"):
            return
        if asked is None and not set(self.cells) & {"event", "fact"}:
            if self.context.asked is None:
                self.faults.append("which-event")
                return
            asked, event = self.context.asked
            if event:
                self.cells["event"] = (event, None)
        if asked is not None and "note" not in self.cells:
            self.cells["note"] = (asked, None)

    # --- Events ----------------------------------------------------------------------------------

    def _beside(self, marks: list[tuple[int, int]]) -> None:
        """Not, again, still to come: words that belong to an event."""
        scan = self.scan
        for name in ("again", "not", "expected"):
            match = scan.rules.beside[name].search(scan.text)
            if match is None:
                continue
            beside = marks
            if name == "not":
                behind = scan.rules.grammar.table.not_behind
                beside = [mark for mark in marks if (mark[0] < match.start()) == behind]
            if not self._touches(match.span(), beside):
                continue
            scan.done(*match.span())
            if name == "again":
                self.again = True
                continue
            cell = {"expected": "yes"} if name == "expected" else {"answer": "no"}
            scan.pieces.append(Piece(*match.span(), [cell]))

    def _touches(self, span: tuple[int, int], marks: list[tuple[int, int]]) -> bool:
        """Whether only words that say nothing stand between a stretch and an event."""
        for start, end in marks:
            first, last = (span[1], start) if span[1] <= start else (end, span[0])
            between = self.scan.rules.fillers.sub("", self.scan.text[first:last]) if first <= last else "x"
            if not _PASSED.sub("", between):
                return True
        return False

    def _joins(self, start: int, end: int) -> bool:
        """Whether only "and" and words that say nothing stand there."""
        words = self.scan.folded.text[start:end].strip()
        joined = self.scan.rules.between.match(words)
        rest = self.scan.rules.fillers.sub("", words[joined.end() :]) if joined else "x"
        return not rest.strip(" ,")

    def _main(self, marks: list[tuple[int, int]]) -> None:
        """The event that the line is about: the first that no relation took."""
        scan = self.scan
        behind = [one.end for one in scan.pieces if {"after", "before"} & one.options[0].keys()]
        for start, end in marks:
            mention = scan.at("event", start)
            if any(last <= start and self._joins(last, start) for last in behind):
                # Before she was arrested and taken to the camp: not taken to the camp before it.
                self.faults.append("twice")
                mention = None
            if not isinstance(mention, Mention) or mention.label == TOLD or mention.whose:
                self.unread.append((start, end))
                scan.done(start, end)
                continue
            options = [{"event": one} for one in labels(mention, self.context.events, again=self.again)]
            if mention.denied:
                for one in options:
                    one["answer"] = "no"
            scan.pieces.append(Piece(start, end, options))
            scan.done(start, end)

    def _take(self, piece: Piece) -> None:
        """The cells of a piece, unless there are such already: then its words are unread."""
        first = piece.options[0]
        taken = {column for column in first if column in self.cells}
        rival = "fact" if "event" in first else "event"
        if first.get("answer") == "no" and self.cells.get("answer", ("",))[0] == "no":
            taken.discard("answer")
        if taken or (rival in self.cells and {"event", "fact"} & first.keys()):
            self.unread.append((piece.start, piece.end))
            self.faults.append("twice")
            return
        faulty = {column for column, value in first.items() if wrong(column, value)}
        if faulty:
            self.unread.append((piece.start, piece.end))
            self.faults.append("wrong-cell")
            return
        for column, value in first.items():
            self.cells[column] = (closed(column, value), piece)
        if len(piece.options) > 1:
            self.choices.append((piece, piece.options[1:]))

    def _event(self) -> None:
        """Where the line names no event and no fact: the one that was last spoken of. Only where all else was
        understood: words that nobody read may name another."""
        if {"event", "fact"} & self.cells.keys():
            if "fact" in self.cells and "value" not in self.cells and "answer" not in self.cells:
                self.faults.append("no-value")
            return
        if not {*_TIMES, "place", "by", "via", "role", "answer"} & self.cells.keys():
            if self.cells:
                self.faults.append("nothing")
            return
        if self.unread or {"place", "note"} <= self.cells.keys():
            # "Not in Kuytun but in Wusu" takes something back: of what, she has to say.
            self.faults.append("which-event")
            return
        named = {self.cells[side][0] for side in ("after", "before") if side in self.cells}
        others = list(dict.fromkeys(reversed(self.context.events)))
        if others and others[0] in named:
            # Two weeks after the release, said when the release was told last: of something new.
            others = []
        others = [one for one in others if one not in named]
        now = self.scan.now
        if now is not None and "age" in self.cells and now.how == "is":
            # Who is 34 today was born 34 to 35 years before the telling.
            _, piece = self.cells.pop("age")
            born = {"event": BIRTH, "before": TOLD, "gap": f"P{now.low}Y/P{now.high + 1}Y"}
            self.cells |= {column: (value, piece) for column, value in born.items()}
            if piece is not None and self.context.events:
                then = {"event": self.context.events[-1], "age": piece.options[0]["age"]}
                self.choices.append((piece._replace(options=[born]), [then]))
            return
        if "which-event" in self.faults:
            return
        if not others:
            self.faults.append("which-event")
            return
        self.cells["event"] = (others[0], None)
        if len(others) > 1:
            self.choices.append((Piece(0, 0, []), [{"event": one} for one in others[1:]]))

    def _reference(self) -> None:
        """What "later" and "earlier" count from: what was told last, other events beside it."""
        own = self.cells.get("event", ("", None))[0]
        for side in ("after", "before"):
            if side not in self.cells:
                continue
            label, piece = self.cells[side]
            if label and label != own:
                continue
            told = [one for one in dict.fromkeys(reversed(self.context.events)) if one != own]
            if label:
                told = [one for one in told if kind_of(one) == kind_of(label)]
            elif self.unread:
                told = []
            if told:
                self.cells[side] = (told[0], piece)
                if piece is not None:
                    rest = {key: value for key, value in piece.options[0].items() if key != side}
                    self.choices.append((piece, [{**rest, side: one} for one in told[1:]]))
                continue
            self.faults.append("gap-alone" if not label else "twice")
            for column in (side, "gap"):
                self.cells.pop(column, None)
            if piece is not None:
                self.unread.append((piece.start, piece.end))

    def _alone(self) -> None:
        """Lengths of time that nothing took."""
        for start, end in self.scan.marks("length"):
            self.unread.append((start, end))
            self.scan.done(start, end)
            self.faults.append("gap-alone")

    def _checks(self) -> None:
        cells = self.cells
        if self.scan.from_before and cells.get("event", ("",))[0] == BIRTH:
            # Nobody is born in the year in which something else happened to her.
            self._dropped("when")
            self.faults.append("which-year")
        if self.scan.until and cells.get("answer", ("",))[0] == "no":
            # Not released until 2019: it may say that she was, and when.
            self._dropped("when")
        if "event" in cells and "when" in cells and "expected" not in cells and self._is_to_come():
            if cells["event"][0] == BIRTH:
                self.faults.append("to-come")
            else:
                cells["expected"] = ("yes", None)
        if self.scan.no_days:
            self.faults.append("no-such-day")
        if self.scan.no_years:
            self.faults.append("which-year")
        if self.scan.not_born:
            self.faults.append("somebody-else")
        if "event" in cells and any(self._is_somebody(*stretch) for stretch in self.unread):
            self.faults.append("somebody-else")
        if "gap" in cells and ("after" in cells) == ("before" in cells):
            self.faults.append("gap-alone")
        if "age" in cells and cells.get("event", ("",))[0] == BIRTH:
            self.faults.append("age-at-birth")

    def _dropped(self, column: str) -> None:
        """A cell is not what the words say: they stay unread."""
        _, piece = self.cells.pop(column, ("", None))
        if piece is not None:
            self.unread.append((piece.start, piece.end))

    def _is_somebody(self, start: int, end: int) -> bool:
        """Whether words that were not read name somebody: then the event may be theirs."""
        words = self.scan.folded.text[start:end]
        own = self.scan.rules.grammar
        known = {own.fold(name) for name in self.context.people if name != self.context.about}
        return bool(self.scan.rules.relative.search(words)) or any(name in words for name in known)

    def _is_to_come(self) -> bool:
        """Whether the date lies after the day of telling: then it cannot have happened yet."""
        try:
            told = edtf.parse(self.context.day).spans[-1].last
        except ValueError:
            return False
        if "when" not in self.cells or wrong("when", self.cells["when"][0]):
            return False
        first = edtf.parse(self.cells["when"][0]).spans[0].first
        return told is not None and first is not None and first > told

    # --- What is left, and the whole ---------------------------------------------------------------

    def _leftover(self) -> None:
        """Words that nothing has read, but for those that say nothing by themselves."""
        text = self.scan.text
        place = 0
        while place < len(text):
            skipped = _SKIPPED.match(text, place)
            if skipped:
                place = skipped.end()
                continue
            if "\ue000" <= text[place] <= "\uf8ff":
                place += 1
                continue
            filler = self.scan.rules.fillers.match(text, place)
            if filler and filler.end() > place:
                place = filler.end()
                continue
            end = place + 1
            while end < len(text) and not _SKIPPED.match(text, end) and not "\ue000" <= text[end] <= "\uf8ff":
                end += 1
            self.unread.append((place, end))
            place = end

    def _made(self) -> Reading:
        scan = self.scan
        line, language = scan.folded.line, scan.language
        fields = self._fields(self.cells)
        unread = []
        for stretch in sorted(self._joined()):
            start, end = scan.folded.span(*stretch)
            unread.append(Unread(start, end, line[start:end]))
        if not fields and not self.faults:
            self.faults.append("nothing")
        made = Reading(
            line,
            language,
            fields,
            tuple(unread),
            tuple(dict.fromkeys(self.faults)),
            readback(fields, language),
            (),
            scan.rules.grammar.version,
            scan.from_before if "when" in self.cells else "",
        )
        others = [self._fields(cells) for cells in self._otherwise()][:_MOST]
        return msgspec.structs.replace(
            made,
            alternatives=tuple(
                msgspec.structs.replace(made, fields=one, prose=readback(one, language)) for one in others
            ),
        )

    def _otherwise(self) -> Iterator[dict[str, tuple[str, Piece | None]]]:
        """The cells of every other reading: each differs in one thing."""
        for piece, options in self.choices:
            typed = piece if piece.options else None
            for option in options:
                cells = dict(self.cells)
                for column in piece.options[0] if piece.options else ():
                    cells.pop(column, None)
                cells |= {column: (value, typed) for column, value in option.items()}
                event = cells.get("event", ("", None))[0]
                if not event or cells.get("after", ("", None))[0] != event:
                    yield cells

    def _fields(self, cells: dict[str, tuple[str, Piece | None]]) -> tuple[Field, ...]:
        made = []
        for column in order(cells):
            value, piece = cells[column]
            if piece is None:
                made.append(Field(column, value, 0, 0, assumed=True))
            else:
                start, end = self.scan.folded.span(piece.start, piece.end)
                made.append(Field(column, value, start, end))
        return tuple(made)

    def _joined(self) -> list[tuple[int, int]]:
        """Unread stretches, those that only a space parts as one."""
        out: list[tuple[int, int]] = []
        for start, end in sorted(set(self.unread)):
            if (
                out
                and start <= out[-1][1] + 1
                and self.scan.folded.text[out[-1][1] : start] in ("", " ", "'")
            ):
                out[-1] = (out[-1][0], max(end, out[-1][1]))
            else:
                out.append((start, end))
        return out
