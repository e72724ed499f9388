"""Charts: the price, its forecast fan, the thresholds and the alert's moment, as PNG and SVG.

Readable when a chat client shrinks it to a third; told apart without colour (line styles, direct
labels); the same input gives the same bytes. Importing this module loads matplotlib: import it
where a chart is drawn, not before.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager
from matplotlib.ticker import FuncFormatter, MaxNLocator

from g7warn.deliver.colors import GRADE_COLORS
from g7warn.deliver.language import open_words
from g7warn.deliver.message import Chart
from g7warn.errors import ConfigurationError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from g7warn.deliver.language import Words
    from g7warn.domain.alert import Grade

MONTHS_SHOWN = 60
"""Observations drawn, newest last. Judgement: five years leave the forecast visible."""

_WIDTH_INCHES, _HEIGHT_INCHES, _DPI = 8.0, 4.2, 150
_PRICE, _FAN = "#003f5c", "#e69f00"
_SECONDS_A_DAY = 86_400.0  # matplotlib counts days since 1970
_LOG_FROM_RATIO = 20.0
"""Ratio of highest to lowest price from which the axis is logarithmic. Judgement."""

_JAPANESE_FONTS = ("Noto Sans CJK JP", "IPAexGothic", "IPAGothic", "TakaoGothic", "VL Gothic")
_STYLE: Any = {
    "font.family": "DejaVu Sans",
    "font.size": 14,
    "svg.hashsalt": "g7warn",
    "svg.fonttype": "path",
    "axes.spines.top": False,
    "axes.spines.right": False,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fan:
    """A forecast as quantiles.

    Attributes:
        instants: Ends of the periods forecast, aware, ascending.
        median: One value each, in the chart's unit.
        bands: Share covered (0.5, 0.9) -> (low values, high values), as long as `instants`.
    """

    instants: tuple[datetime, ...]
    median: tuple[float, ...]
    bands: dict[float, tuple[tuple[float, ...], tuple[float, ...]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartData:
    """What a chart shows.

    Attributes:
        mineral: Mineral code.
        unit: Of all values, e.g. USD/t.
        instants: Begins of the observed periods, aware, ascending.
        values: Observed prices, one each, finite and positive.
        alert_at: The alert's moment.
        grade: The alert's grade.
        thresholds: Prices that matter to the alert's criterion.
        fan: The forecast, or None where there is none.
    """

    mineral: str
    unit: str
    instants: tuple[datetime, ...]
    values: tuple[float, ...]
    alert_at: datetime
    grade: Grade
    thresholds: tuple[float, ...] = ()
    fan: Fan | None = None


def draw_chart(data: ChartData, *, language: str = "en") -> Chart:
    """Return the chart with its alternative text.

    The alternative text is always in the reader's language; the lettering falls back to English
    where this machine has no font for Japanese.

    Raises:
        ConfigurationError: Fewer than two observations, or lengths that differ.
    """
    if len(data.values) < 2 or len(data.values) != len(data.instants):
        message = f"a chart of {data.mineral} needs two or more values, one for each instant"
        raise ConfigurationError(message, mineral=data.mineral)
    words = open_words(language)
    font = _find_font() if words.language == "ja" else "DejaVu Sans"
    lettering = words if font else open_words("en")
    with mpl.rc_context(_STYLE | {"font.family": font or "DejaVu Sans"}):
        figure = _draw_figure(data, lettering)
        png, svg = io.BytesIO(), io.BytesIO()
        figure.savefig(png, format="png", dpi=_DPI, metadata={"Software": None})
        figure.savefig(svg, format="svg", metadata={"Date": None, "Creator": None})
    return Chart(png=png.getvalue(), svg=svg.getvalue(), alt=describe_chart(data, words))


def describe_chart(data: ChartData, words: Words) -> str:
    """Return what the chart shows, for those who do not see it."""
    mineral, unit = words.mineral(data.mineral), words.unit(data.unit)
    _, values = _cut(data)
    sentences = [
        words.say(
            "chart.alt",
            mineral=mineral,
            unit=unit,
            start=_month(_cut(data)[0][0], words),
            end=_month(data.instants[-1], words),
            low=words.number(min(values)),
            high=words.number(max(values)),
            last=words.number(values[-1]),
        )
    ]
    if data.fan:
        share = max(data.fan.bands)
        low, high = data.fan.bands[share]
        sentences.append(
            words.say(
                "chart.alt.fan",
                end=_month(data.fan.instants[-1], words),
                median=words.number(data.fan.median[-1]),
                share=words.percent(share),
                low=words.number(low[-1]),
                high=words.number(high[-1]),
            )
        )
    sentences += [
        words.say("chart.alt.threshold", threshold=words.number(t)) for t in data.thresholds
    ]
    return " ".join(sentences)


def _draw_figure(data: ChartData, words: Words) -> Figure:
    figure = Figure(figsize=(_WIDTH_INCHES, _HEIGHT_INCHES), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    instants, values = _cut(data)
    axes.plot(_to_x(instants), values, color=_PRICE, linewidth=2.4, zorder=4)
    if data.fan:
        _draw_fan(axes, data, words)
    _set_scale(axes, data, words)
    for threshold in data.thresholds:
        _draw_threshold(axes, threshold, words)
    _draw_alert(axes, data, words)
    mineral, unit = words.mineral(data.mineral), words.unit(data.unit)
    title = words.say("chart.title", mineral=mineral, unit=unit)
    axes.set_title(title, loc="left", fontsize=17, fontweight="bold", pad=12)
    return figure


def _draw_fan(axes: Axes, data: ChartData, words: Words) -> None:
    fan = data.fan
    if fan is None:
        return
    last_x, last = _to_x(data.instants[-1:]), data.values[-1]
    x = [*last_x, *_to_x(fan.instants)]
    for index, share in enumerate(sorted(fan.bands, reverse=True)):
        low, high = fan.bands[share]
        axes.fill_between(
            x,
            [last, *low],
            [last, *high],
            color=_FAN,
            alpha=0.30 + 0.25 * index,
            linewidth=0,
            zorder=2,
            label=words.say("chart.band", share=words.percent(share)),
        )
    label = words.say("chart.median")
    axes.plot(x, [last, *fan.median], "--", color="#7a4b00", linewidth=2.2, zorder=3, label=label)
    axes.legend(loc="best", frameon=False, fontsize=12)


def _draw_threshold(axes: Axes, threshold: float, words: Words) -> None:
    axes.axhline(threshold, color="#000000", linewidth=1.4, linestyle=(0, (6, 3, 1, 3)), zorder=1)
    axes.annotate(
        f"{words.say('chart.threshold')} {words.number(threshold)}",
        xy=(0.01, threshold),
        xycoords=("axes fraction", "data"),
        xytext=(0, 3),
        textcoords="offset points",
        fontsize=12,
    )


def _draw_alert(axes: Axes, data: ChartData, words: Words) -> None:
    color = GRADE_COLORS[data.grade]
    x = _to_x((data.alert_at,))[0]
    axes.axvline(x, color=color, linewidth=2, linestyle=":", zorder=1)
    axes.plot(x, data.values[-1], marker="v", markersize=13, color=color, zorder=5, mec="white")
    label = words.say(f"grade.{data.grade.label}")
    axes.annotate(
        label,
        xy=(x, 1.0),
        xycoords=("data", "axes fraction"),
        xytext=(-6, -4),
        textcoords="offset points",
        ha="right",
        va="top",
        fontsize=14,
        fontweight="bold",
        color=color if data.grade > 1 else "#333333",
    )


def _set_scale(axes: Axes, data: ChartData, words: Words) -> None:
    _, values = _cut(data)
    shown = [*values, *data.thresholds]
    for low, high in data.fan.bands.values() if data.fan else ():
        shown += [*low, *high]
    if min(shown) > 0 and max(shown) / min(shown) > _LOG_FROM_RATIO:
        axes.set_yscale("log")
    else:
        axes.set_ylim(0 if min(shown) < 0.5 * max(shown) else None, max(shown) * 1.18)
        axes.yaxis.set_major_locator(MaxNLocator(5))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: words.number(value)))
    locator = AutoDateLocator(minticks=4, maxticks=8, tz=UTC)  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_locator(locator)
    numbers = ["%Y", "%m", "%d", "%H:%M", "%H:%M", "%S"]
    formatter = ConciseDateFormatter(  # type: ignore[no-untyped-call]
        locator, tz=UTC, formats=numbers, zero_formats=["", "%Y", *numbers[1:-1]], show_offset=False
    )
    axes.xaxis.set_major_formatter(formatter)
    axes.grid(axis="y", color="#dddddd", linewidth=0.8, zorder=0)
    axes.margins(x=0.01)


def _cut(data: ChartData) -> tuple[tuple[datetime, ...], tuple[float, ...]]:
    return data.instants[-MONTHS_SHOWN:], data.values[-MONTHS_SHOWN:]


def _to_x(instants: tuple[datetime, ...]) -> list[float]:
    return [instant.timestamp() / _SECONDS_A_DAY for instant in instants]


def _month(instant: datetime, words: Words) -> str:
    return words.period(f"{instant.year:04d}-{instant.month:02d}")


@cache
def _find_font() -> str:
    installed = {entry.name for entry in fontManager.ttflist}
    return next((name for name in _JAPANESE_FONTS if name in installed), "")
