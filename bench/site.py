"""The public site: how fast it is built, how large it is, and how soon the first result of a search is there.

No peer does this: what is checked is that every life has its page, that no page is larger than 100 kB, and,
where Chromium is at hand, that a name typed in another script finds its entry from a disk.
"""

from __future__ import annotations

import os
import random
import resource
import shutil
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from bench.measure import Row, scaled, table, verdict
from bench.mixed import mixed_lives
from estelik.protection.gate import Projection
from estelik.protection.permission import Asked
from estelik.publication.site import build
from estelik.records import Statement

if TYPE_CHECKING:
    from collections.abc import Iterator

_TODAY = date(2026, 11, 22).toordinal()
_BAR_SECONDS, _BAR_BYTES, _BAR_PAGE, _BAR_SEARCH = 300, 2 << 30, 100_000, 0.2
_GIVEN = (
    ("Saule", "Сәуле", "ساۋلە", "萨吾列"),
    ("Gulnar", "Гүлнар", "گۈلنار", "古丽娜尔"),
    ("Marat", "Марат", "مارات", "马拉提"),
    ("Omer", "Өмер", "ئۆمەر", "吾买尔"),
    ("Aigul", "Айгүл", "ئايگۈل", "阿依古丽"),
    ("Erlan", "Ерлан", "ەرلان", "叶尔兰"),
    ("Zarina", "Зарина", "زارىنا", "扎丽娜"),
    ("Bolat", "Болат", "بولات", "波拉提"),
    ("Dina", "Дина", "دىنا", "迪娜"),
    ("Yerbol", "Ербол", "ەربول", "叶尔波力"),
    ("Nurgul", "Нұргүл", "نۇرگۈل", "努尔古丽"),
    ("Tursun", "Тұрсын", "تۇرسۇن", "吐尔逊"),
)
_FATHERS = (
    *("ahmet", "kerim", "bek", "murat", "zhan", "qasym"),
    *("sadyq", "tolegen", "rahman", "batyr", "daniyar", "ospan"),
)
_PLACES = ("Tekes", "Ghulja", "Hotan", "Kashgar", "Mongolküre", "Kucha", "Ürümqi", "Aksu", "Korla", "Turpan")


def main() -> None:
    """Builds a site, opens it, and fails where something is missing."""
    count = scaled(100_000, 200)
    projection = lives(count)
    folder = Path(tempfile.mkdtemp(prefix="estelik-bench-"))
    start = time.perf_counter()
    built = build(projection, folder / "site", title="A registry", today=_TODAY, key=b"bench")
    took = time.perf_counter() - start
    spent = sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    memory = (
        sum(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        * 1024
    )
    pages = [path.stat().st_size for path in (folder / "site" / "e").iterdir()]
    assert built.entries == count == len(pages)
    assert max(pages) < _BAR_PAGE
    table("entries", [Row("built, search index and all", count / took, 2, count)])
    whole = took * 100_000 / count
    print(f"  {took:.0f} s, {spent:.0f} s of a core")
    print(f"  at this rate 100,000 take {whole:.0f} s, bar 300 s: {verdict(whole < _BAR_SECONDS)}")
    gigabytes = memory / (1 << 30)
    print(
        f"  memory of both kinds of process: {gigabytes:.2f} GiB, bar 2 GiB: {verdict(memory < _BAR_BYTES)}"
    )
    print(f"  {built.files:,} files, {built.bytes / 1e6:,.0f} MB")
    print(f"  a page {sum(pages) / count / 1000:.1f} kB, at most {max(pages) / 1000:.1f} kB")
    parts = [path.stat().st_size for path in (folder / "site" / "search").glob("p*.js")]
    print(f"  search index: {len(parts)} parts, at most {max(parts) / 1000:.0f} kB")
    _searched(folder / "site")
    shutil.rmtree(folder)


def lives(count: int) -> Projection:
    """What would leave of so many lives, each with names in four scripts."""
    told = list(_told(count))
    return Projection(
        Asked("public", "publication", _TODAY),
        tuple(told),
        (),
        {},
        {one.about: one.about for one in told},
    )


def _told(count: int) -> Iterator[Statement]:
    draw = random.Random(3)
    names: dict[str, tuple[str, ...]] = {}
    for number, one in enumerate(mixed_lives(count)):
        if one.about not in names:
            given, father = draw.choice(_GIVEN), draw.choice(_FATHERS) + draw.choice(_FATHERS)
            names[one.about] = (f"{given[0]} {father.title()} {len(names)}", *given[1:])
            for script, name in zip(("kk", "ug", "zh"), given[1:], strict=True):
                yield Statement(
                    f"n{number}{script}", names[one.about][0], fact="name", value=name, language=script
                )
            sex = draw.choice(["female", "male"])
            yield Statement(f"n{number}", names[one.about][0], fact="sex", value=sex)
        cells: dict[str, Any] = {
            "about": names[one.about][0],
            "place": draw.choice(_PLACES) if one.place else "",
        }
        if one.source == one.about:
            cells["source"] = names[one.about][0]
        other, _, event = one.after.partition("/")
        if event:
            cells["after"] = f"{names[other][0]}/{event}" if other in names else ""
        yield replace(one, **cells)


def _searched(site: Path) -> None:
    """How long it takes from a key press to the first result, with nothing loaded yet."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return
    if not os.path.exists("/usr/bin/chromium"):  # noqa: PTH110 - asked once, of the system
        return
    for asked in ("Сәуле", "گۈلنار", "古丽娜尔", "tursun ahmetbek", "Sauleh"):
        with sync_playwright() as started:
            browser = started.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
            page = browser.new_page()
            page.goto((site / "index.html").as_uri())
            took = page.evaluate(
                """async (asked) => {
                  const box = document.querySelector("#q"), results = document.querySelector(".results");
                  const first = new Promise((done) => new MutationObserver(
                    () => results.children.length && done()).observe(results, {childList: true}));
                  const start = performance.now();
                  box.value = asked;
                  box.dispatchEvent(new Event("input"));
                  await first;
                  return performance.now() - start;
                }""",
                asked,
            )
            browser.close()
        print(f"  first result for {asked}: {took:.0f} ms, bar 200 ms: {verdict(took < _BAR_SEARCH * 1000)}")


if __name__ == "__main__":
    main()
