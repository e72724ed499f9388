from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from g7warn.errors import SourceFormatChanged
from g7warn.feeds.catalog import get_dataset
from g7warn.feeds.sources.daily_close import SOURCE
from tests.support.payloads import make_payload

if TYPE_CHECKING:
    from pathlib import Path

    from g7warn.feeds.base import ParsedPayload


def parse(page: object, feed: str = "komis") -> ParsedPayload:
    body = page if isinstance(page, str | bytes) else json.dumps(page)
    return SOURCE.parse(make_payload(body), get_dataset(feed))


def metal(history: list[object], *, unit: str = "USD/kg", name: str = "Neodymium (Nd)") -> object:
    today = {"date": "", "value": None, "unit": unit}
    return {"metals": [{"name": name, "today": today, "history": history}]}


def test_dates_with_points_become_days() -> None:
    table = parse(metal([{"date": "2026.3.5", "value": 117.0}])).table
    assert table[["period", "value"]].values.tolist() == [["2026-03-05", 117.0]]


@pytest.mark.parametrize(
    ("text", "period"),
    [
        pytest.param("2026.03.05", "2026-03-05", id="points"),
        pytest.param("2026. 3. 5.", "2026-03-05", id="points and blanks"),
        pytest.param("2026/3/5", "2026-03-05", id="strokes"),
        pytest.param("20260305", "2026-03-05", id="digits alone"),
        pytest.param("2026\ub144 3\uc6d4 5\uc77c", "2026-03-05", id="Korean"),
        pytest.param("2026-03-05T09:00:00", "2026-03-05", id="with a time"),
        pytest.param("05/03/2026", "", id="the day or the month first is unknown"),
        pytest.param("2026-03-051", "", id="a digit too many"),
        pytest.param("2026-13-05", "", id="no month"),
    ],
)
def test_a_date_is_read_in_any_order_of_year_month_and_day(text: str, period: str) -> None:
    body = f"date,name,unit,close\n{text},nickel,USD/t,16000\n"
    table = parse(body, "daily_close").table
    good = table.loc[table["refusal"] == "", "period"]
    assert good.tolist() == ([period] if period else [])


@pytest.mark.parametrize(
    "page",
    [
        {"items": [{"name": "Neodymium (Nd)", "value": "N/A", "unit": "USD/kg", "date": ""}]},
        {"today": {"value": None}, "history": []},
        {"metals": []},
        metal([]),
    ],
)
def test_a_page_without_prices_is_an_empty_answer(page: object) -> None:
    parsed = parse(page)
    assert parsed.table.empty
    assert "no prices" in parsed.notes[0]


def test_an_approximation_is_no_price() -> None:
    page = {
        "updated": "2026-03-25",
        "items": [{"name": "Neodymium (Nd)", "value": "~82", "unit": "USD/kg"}],
    }
    assert parse(page).table["refusal"].tolist() == ["'~82' is no number"]


def test_a_history_that_names_no_metal_is_refused_as_one() -> None:
    history = [{"date": "2026.03.26", "value": 1.0}, {"date": "2026.03.27", "value": 2.0}]
    table = parse({"today": {"date": "2026.03.27", "value": 2.0}, "history": history}).table
    assert table["value"].isna().all()
    assert "names no metal" in table["refusal"].iloc[0]
    assert "(2 cells)" in table["refusal"].iloc[0]


def test_another_unit_than_the_metals_own_is_refused() -> None:
    table = parse(metal([{"date": "2026.03.26", "value": 1053.0}], name="Manganese (Mn)")).table
    assert "unit 'USD/kg' where 'USD/mt' is expected" in table["refusal"].iloc[0]
    assert table["value"].isna().all()


@pytest.mark.parametrize("page", [[], {}, {"data": 1}, {"metals": [1]}, {"items": [{"a": 1}]}])
def test_a_page_of_another_kind_is_a_changed_format(page: object) -> None:
    with pytest.raises(SourceFormatChanged):
        parse(page)


@pytest.mark.parametrize(
    ("line", "price", "low", "high"),
    [
        ("2025-03-03,cobalt,USD/lb,,10,11", 10.5, 10.0, 11.0),
        ("2025-03-03,cobalt,USD/lb,10-11,,", 10.5, 10.0, 11.0),
        ("2025-03-03,cobalt,USD/lb,10.7,10,11", 10.7, 10.0, 11.0),
    ],
)
def test_a_range_is_kept_and_its_middle_is_the_price(
    line: str, price: float, low: float, high: float
) -> None:
    table = parse(f"date,name,unit,close,low,high\n{line}\n", "daily_close").table
    values = {row["series_id"].split(".")[2]: row["value"] for row in table.to_dict("records")}
    assert values == {"price": price, "price_low": low, "price_high": high}
    estimated = table.loc[table["series_id"].str.contains(r"\.price\."), "status"].iloc[0]
    assert estimated == ("A" if price == 10.7 else "E")


@pytest.mark.data
def test_every_real_version_gives_prices_or_says_why_not(data: Path) -> None:
    seen: dict[str, int] = {}
    for path in sorted((data / "komis_replay").glob("*.json")):
        parsed = SOURCE.parse(make_payload(path.read_bytes()), get_dataset("komis"))
        good = int((parsed.table["refusal"] == "").sum())
        kind = "prices" if good else "refused" if len(parsed.table) else "empty"
        seen[kind] = seen.get(kind, 0) + 1
    assert seen == {"prices": 43, "refused": 2, "empty": 4}
