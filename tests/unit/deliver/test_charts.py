from __future__ import annotations

import io

import pytest
from lxml import etree
from PIL import Image

from g7warn.deliver.charts import draw_chart
from g7warn.errors import ConfigurationError
from tests.support.charts import make_chart_data, month


def test_the_same_data_give_the_same_bytes() -> None:
    first, second = draw_chart(make_chart_data()), draw_chart(make_chart_data())
    assert (first.png, first.svg) == (second.png, second.svg)


def test_both_forms_have_the_size_of_a_preview_and_no_script_or_foreign_address() -> None:
    chart = draw_chart(make_chart_data())
    with Image.open(io.BytesIO(chart.png)) as image:
        assert image.size == (1200, 630)
    root = etree.fromstring(chart.svg)
    assert root.tag.endswith("svg")
    assert b"<script" not in chart.svg
    references = [v for e in root.iter() for k, v in e.attrib.items() if k.endswith("href")]
    assert all(reference.startswith("#") for reference in references)


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", "Chart: price of Nickel in USD/t from March 2017 to February 2022. Lowest 15,000"),
        ("de", "Diagramm: Preis von Nickel in USD/t, März 2017 bis Februar 2022."),
        ("ja", "図：ニッケルの価格（米ドル/トン）、2017年3月から2022年2月まで。"),  # noqa: RUF001
    ],
)
def test_the_alternative_text_is_in_the_readers_language(language: str, expected: str) -> None:
    alt = draw_chart(make_chart_data(), language=language).alt
    assert alt.startswith(expected)
    assert "50" in alt


def test_a_chart_needs_neither_forecast_nor_threshold() -> None:
    chart = draw_chart(make_chart_data(fan=None, thresholds=()))
    assert "orecast" not in chart.alt


def test_prices_over_several_magnitudes_are_drawn_too() -> None:
    data = make_chart_data(
        instants=tuple(month(i) for i in range(4)), values=(1.0, 10.0, 100.0, 900.0), fan=None
    )
    assert draw_chart(data).png


@pytest.mark.parametrize("values", [(), (1.0,), (1.0, 2.0)])
def test_too_little_to_draw_is_an_error_that_says_so(values: tuple[float, ...]) -> None:
    with pytest.raises(ConfigurationError, match="two or more values"):
        draw_chart(make_chart_data(values=values, instants=(month(0),) * min(1, len(values))))
