"""Requests a second as bars, in SVG, without a library."""

from collections.abc import Iterator
from xml.sax.saxutils import escape

from bench.compare.results import Row, SizeReport, rows

COLOURS = {"ours": "#1b6ca8", "peer": "#d9822b", "floor": "#9aa5b1"}
BAR, GAP, HEIGHT, LEFT, TOP = 26, 34, 150, 20, 64
GROUP = 3 * BAR + GAP
NARROWEST = 440
PANEL = HEIGHT + 84


def plot(reports: list[SizeReport]) -> str:
    """One panel for each size and number of connections; each operation has a scale of its own."""
    panels = [
        (f"{report.persons:,} persons, {connections} connection{'s' if connections > 1 else ''}", found)
        for report in reports
        for connections in sorted({row.connections for row in rows(report)})
        if (found := [row for row in rows(report) if row.connections == connections])
    ]
    width = max(NARROWEST, 2 * LEFT + GROUP * max((len(found) for _, found in panels), default=1))
    height = TOP + PANEL * len(panels)
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        'font-family="system-ui, sans-serif" font-size="11">',
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        f'<text x="{LEFT}" y="22" font-size="15">Requests a second; each operation to its own scale</text>',
        *_legend(),
    ]
    for number, (title, found) in enumerate(panels):
        lines += _panel(title, found, TOP + number * PANEL)
    return "\n".join([*lines, "</svg>", ""])


def _legend() -> Iterator[str]:
    for number, (subject, colour) in enumerate(COLOURS.items()):
        x = LEFT + number * 80
        yield f'<rect x="{x}" y="34" width="12" height="12" fill="{colour}"/>'
        yield f'<text x="{x + 17}" y="44">{subject}</text>'


def _panel(title: str, found: list[Row], top: int) -> Iterator[str]:
    yield f'<text x="{LEFT}" y="{top + 14}" font-size="13">{escape(title)}</text>'
    base = top + 40 + HEIGHT
    for number, row in enumerate(found):
        x = LEFT + number * GROUP
        most = max(one.rate for one in row.figures.values())
        for place, (subject, colour) in enumerate(COLOURS.items()):
            one = row.figures.get(subject)
            if one is not None:
                yield from _bar(x + place * BAR, base, round(one.rate / most * HEIGHT), one.rate, colour)
        yield f'<line x1="{x}" y1="{base}" x2="{x + 3 * BAR}" y2="{base}" stroke="#52606d"/>'
        yield from _words(row.operation.title, x, base + 14)


def _bar(x: int, base: int, height: int, rate: float, colour: str) -> Iterator[str]:
    yield f'<rect x="{x}" y="{base - height}" width="{BAR - 3}" height="{height}" fill="{colour}"/>'
    middle = x + (BAR - 3) / 2
    yield f'<text x="{middle}" y="{base - height - 4}" font-size="9" text-anchor="middle">{rate:,.0f}</text>'


def _words(title: str, x: int, y: int) -> Iterator[str]:
    """Two lines, where one would not fit."""
    words = title.split()
    first = words[0]
    while words[1:] and len(first) + len(words[1]) < 18:
        first += " " + words.pop(1)
    yield f'<text x="{x}" y="{y}" font-size="10">{escape(first)}</text>'
    if words[1:]:
        yield f'<text x="{x}" y="{y + 12}" font-size="10">{escape(" ".join(words[1:]))}</text>'
