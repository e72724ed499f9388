from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from g7warn.errors import ConfigurationError, SourceFormatChanged
from g7warn.feeds.catalog import Dataset, get_dataset
from g7warn.feeds.sources.sdmx import SOURCE
from tests.support.payloads import make_payload, make_sdmx_ml

if TYPE_CHECKING:
    from pathlib import Path

    from g7warn.feeds.base import ParsedPayload

PCPS = get_dataset("imf_pcps")
OBS = '<Obs TIME_PERIOD="2024-01" OBS_VALUE="16.5"/>'


def parse(body: bytes, dataset: Dataset = PCPS) -> ParsedPayload:
    return SOURCE.parse(make_payload(body), dataset)


def test_a_key_names_the_series() -> None:
    row = parse(make_sdmx_ml(OBS)).table.iloc[0]
    assert row["series_id"] == "nickel.market.price.world.imf"
    assert (row["period"], row["value"], row["unit"]) == ("2024-01", 16.5, "USD/t")


def test_a_price_of_the_imf_is_of_the_weight_that_its_code_stands_for() -> None:
    body = make_sdmx_ml(OBS)
    for code, unit in ((b"PURAN", "USD/lb"), (b"PGOLD", "USD/ozt"), (b"PLITH", "USD/t")):
        assert parse(body.replace(b"PNICK", code)).table["unit"].tolist() == [unit]


def test_a_price_of_nobody_knows_what_weight_is_refused_with_the_reason() -> None:
    table = parse(make_sdmx_ml(OBS).replace(b"PNICK", b"PVANPENT")).table
    assert table["value"].isna().all()
    assert "'PVANPENT' is not in the catalogue of imf_pcps" in table["refusal"].iloc[0]


def test_a_unit_multiplier_is_applied() -> None:
    body = make_sdmx_ml(OBS).replace(b'UNIT_MULT="0"', b'UNIT_MULT="3"')
    assert parse(body).table["value"].tolist() == [16500.0]


@pytest.mark.parametrize("text", [b"many", b"99"])
def test_a_multiplier_that_is_none_refuses_the_series(text: bytes) -> None:
    table = parse(make_sdmx_ml(OBS).replace(b'UNIT_MULT="0"', b'UNIT_MULT="%b"' % text)).table
    assert table["value"].isna().all()
    assert "power of ten" in table["refusal"].iloc[0]


def test_the_newer_structure_with_other_dimension_names_is_read_too() -> None:
    body = make_sdmx_ml(OBS)
    names = {b"COMMODITY": b"INDICATOR", b"UNIT_MEASURE": b"DATA_TRANSFORMATION"}
    for old, new in {**names, b"FREQ=": b"FREQUENCY="}.items():
        body = body.replace(old, new)
    assert len(parse(body).table) == 1


def test_other_frequencies_are_left_out_and_other_codes_are_noted() -> None:
    body = make_sdmx_ml(
        OBS + '</Series><Series FREQ="M" COMMODITY="PPORK" UNIT_MEASURE="USD">' + OBS
    )
    parsed = parse(body)
    assert len(parsed.table) == 1
    assert "PPORK|USD" in parsed.notes[0]


def test_a_renamed_dimension_is_a_changed_format() -> None:
    with pytest.raises(SourceFormatChanged, match="COMMODITY"):
        parse(make_sdmx_ml(OBS).replace(b"COMMODITY", b"PRODUCT"))


def test_a_refused_value_and_a_damaged_period_stay_where_they_were() -> None:
    more = '<Obs TIME_PERIOD="2024-02" OBS_VALUE="x"/><Obs TIME_PERIOD="9999-01" OBS_VALUE="1"/>'
    table = parse(make_sdmx_ml(OBS + more)).table
    assert (table["refusal"] != "").tolist() == [False, True, True]
    assert table["raw"].tolist()[1] == "x"


def test_an_empty_answer_gives_an_empty_table_with_a_note() -> None:
    parsed = parse(b"NoRecordsFound")
    assert parsed.table.empty
    assert "no records" in parsed.notes[0]


def test_wrong_options_are_a_fault_of_the_catalogue() -> None:
    wrong = PCPS.model_copy(update={"options": {"keys": ["A"]}})
    with pytest.raises(ConfigurationError, match="imf_pcps"):
        parse(make_sdmx_ml(OBS), wrong)


@pytest.mark.data
def test_real_messages_of_imf_and_oecd_are_read(data: Path) -> None:
    imf = parse((data / "sdmx/IMF/PCPS.xml").read_bytes()).table
    assert imf[["series_id", "value"]].values.tolist() == [
        ["zinc.market.price.world.imf", 2705.345]
    ]
    sample = (data / "sdmx/oecd_cli_csvfilewithlabels_sample.csv").read_bytes()
    oecd = parse(sample, get_dataset("oecd_cli")).table
    assert set(oecd["series_id"]) == {
        "economy.market.leading_indicator.us.oecd",
        "economy.market.leading_indicator.cn.oecd",
    }
