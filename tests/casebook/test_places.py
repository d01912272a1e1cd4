"""What the casebook gives to those who ask where."""

from __future__ import annotations

from typing import TYPE_CHECKING

from estelik.records import Statement

if TYPE_CHECKING:
    from estelik.casebook import Casebook


def test_statements_about_places_are_found_whatever_their_compartment(casebook: Casebook) -> None:
    """A person's statement that only names a place is not about it."""
    person = Statement("1", "Aigerim", event="camp-entry", place="Aqsai")
    county = Statement("2", "Aqsai", about_kind="place", fact="kind", value="county")
    renamed = Statement("3", "Aqsai", about_kind="place", fact="name", value="Ақсай", compartment="public")
    group = Statement("4", "people of Aqsai", about_kind="group", fact="count", value="12")
    casebook.add_statements([person, county, renamed, group])
    assert casebook.lives.about_places() == [county, renamed]
