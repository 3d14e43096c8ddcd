"""
Geometry of the charts that the server draws as inline SVG: bars, lines, donut, goal meter (图表).

Pure functions from exact values to coordinates; templates put them into SVG, with the table beside.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from fairdraw.ui.formats import Exact

SERIES_COLOURS = 6


@dataclass(frozen=True)
class Bar:
    """One bar of *width* per cent of the longest."""

    label: str
    value: Exact
    width: float
    note: str = ""


def bars(rows: Sequence[Sequence[object]]) -> list[Bar]:
    """
    Bars for rows of (label, value) or (label, value, note), the longest 100 wide.

    A value above nothing gets a bar that can be seen.
    """
    values = [_exact(row[1]) for row in rows]
    top = max(values, default=0)
    return [
        Bar(
            label=str(row[0]),
            value=value,
            width=round(max(float(Fraction(value) / Fraction(top)) * 100, 0.8), 2) if top and value else 0.0,
            note=str(row[2]) if len(row) > 2 else "",
        )
        for row, value in zip(rows, values, strict=True)
    ]


@dataclass(frozen=True)
class Scale:
    """The vertical axis: its upper end and the marks on it."""

    top: int
    marks: tuple[int, ...]


def scale(largest: Exact) -> Scale:
    """A round upper end with four even steps below it, at least *largest*."""
    need = max(float(largest), 1.0)
    unit = 10 ** math.floor(math.log10(need))
    steps = (1, 2, 4, 5, 8, 10) if unit > 1 else (4, 8, 12)
    top = next(unit * s for s in steps if unit * s >= need)
    top = max(4, math.ceil(top / 4) * 4)
    return Scale(top, tuple(top * i // 4 for i in range(5)))


@dataclass(frozen=True)
class Mark:
    """A labelled place on an axis."""

    at: float
    label: str


@dataclass(frozen=True)
class Line:
    """One series: pieces of a polyline between gaps, and the points with their values."""

    label: str
    colour: int
    pieces: tuple[str, ...]
    points: tuple[tuple[float, float, str], ...]


@dataclass(frozen=True)
class LineChart:
    """A line chart, ready to be written down."""

    width: int
    height: int
    left: int
    right: int
    bottom: int
    rows: tuple[Mark, ...]
    columns: tuple[Mark, ...]
    lines: tuple[Line, ...]


def lines(labels: Sequence[object], series: Sequence[tuple[str, Sequence[Exact | None]]]) -> LineChart:
    """
    A chart of *series* over *labels*.

    Args:
        labels: Names along the horizontal axis, 1 or more.
        series: (name, values) with as many values as labels; ``None`` leaves a gap.
    """
    width, height, left, right, head, foot = 640, 240, 44, 12, 12, 28
    bottom = height - foot
    axis = scale(max((v for _name, values in series for v in values if v is not None), default=1))
    step = (width - left - right) / max(len(labels) - 1, 1)

    def x(index: int) -> float:
        return round(left + step * index if len(labels) > 1 else (left + width - right) / 2, 1)

    def y(value: Exact) -> float:
        return round(bottom - float(Fraction(value) / axis.top) * (bottom - head), 1)

    every = math.ceil(len(labels) / 12)
    drawn = []
    for number, (name, values) in enumerate(series):
        points = [(x(i), y(v), f"{labels[i]} {v}") if v is not None else None for i, v in enumerate(values)]
        drawn.append(
            Line(
                name,
                number % SERIES_COLOURS + 1,
                tuple(_pieces(points)),
                tuple(p for p in points if p is not None),
            )
        )
    return LineChart(
        width=width,
        height=height,
        left=left,
        right=width - right,
        bottom=bottom,
        rows=tuple(Mark(y(mark), f"{mark:,}") for mark in axis.marks),
        columns=tuple(Mark(x(i), str(label)) for i, label in enumerate(labels) if i % every == 0),
        lines=tuple(drawn),
    )


def _pieces(points: Sequence[tuple[float, float, str] | None]) -> list[str]:
    pieces: list[list[str]] = [[]]
    for point in points:
        if point is None:
            pieces.append([])
        else:
            pieces[-1].append(f"{point[0]},{point[1]}")
    return [" ".join(piece) for piece in pieces if len(piece) > 1]


@dataclass(frozen=True)
class Slice:
    """A part of a whole as an arc: dash, gap and offset on a circle of circumference 100, clockwise from the top."""

    label: str
    value: Exact
    ratio: Fraction
    dash: float
    rest: float
    offset: float
    colour: int


def donut(parts: Sequence[Sequence[object]]) -> list[Slice]:
    """Arcs for parts of (label, value); nothing at all gives arcs of no length."""
    values = [_exact(part[1]) for part in parts]
    total = sum((Fraction(v) for v in values), Fraction(0))
    start = Fraction(0)
    slices = []
    for number, (part, value) in enumerate(zip(parts, values, strict=True)):
        ratio = Fraction(value) / total if total else Fraction(0)
        slices.append(
            Slice(
                label=str(part[0]),
                value=value,
                ratio=ratio,
                dash=round(float(ratio * 100), 3),
                rest=round(float((1 - ratio) * 100), 3),
                offset=round(float((25 - start * 100) % 100), 3),
                colour=number % SERIES_COLOURS + 1,
            )
        )
        start += ratio
    return slices


@dataclass(frozen=True)
class Meter:
    """A share against its goal on a bar 100 wide."""

    width: float
    tick: float | None


def meter(ratio: Fraction | None, goal: Exact | None) -> Meter:
    """
    Where the bar and the tick of the goal stand.

    Small goals get a shorter scale, twice the goal, so that 3.5 % does not vanish at the left edge.
    """
    shown = ratio or Fraction(0)
    aim = Fraction(goal) if goal is not None else None
    top = Fraction(1)
    if aim is not None and 0 < aim < Fraction(1, 2):
        top = min(Fraction(1), max(aim * 2, shown))
    return Meter(
        width=round(float(min(shown / top, Fraction(1)) * 100), 2),
        tick=round(float(aim / top * 100), 2) if aim is not None else None,
    )


def _exact(value: object) -> Exact:
    if isinstance(value, float) or not isinstance(value, Exact):
        raise TypeError("a charted value is exact: int, Decimal or Fraction")
    return value
