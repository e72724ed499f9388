from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

from g7warn.errors import SourceFormatChanged
from g7warn.feeds.sdmx import read_message
from g7warn.feeds.sdmx_message import SdmxMessage, normalise_period
from g7warn.feeds.sdmx_stream import read_structure_specific
from tests.support.payloads import make_sdmx_ml

if TYPE_CHECKING:
    from pathlib import Path

OBS = '<Obs TIME_PERIOD="2024-01" OBS_VALUE="16000.5" OBS_STATUS="P" CONF_STATUS="N"/>'


def read(body: bytes, *dimensions: str) -> SdmxMessage:
    return read_message(body, what="a message", dimensions=dimensions)


def facts(message: SdmxMessage) -> list[tuple[str, str, float]]:
    return sorted(
        (message.series[number].get("CURRENCY", ""), message.labels[period], value)
        for number, period, value in zip(
            message.series_numbers, message.periods, message.values, strict=True
        )
    )


def test_a_structure_specific_series_is_read_with_status_and_confidentiality() -> None:
    message = read(make_sdmx_ml(OBS))
    assert message.series[0]["COMMODITY"] == "PNICK"
    assert (message.labels, list(message.values)) == (["2024-01"], [16000.5])
    assert message.status_pairs == [("P", "N")]


@pytest.mark.parametrize("action", ['ss:action="Delete"', 'action="D"'])
def test_withdrawn_observations_are_no_observations(action: str) -> None:
    body = make_sdmx_ml(OBS).replace(b"<mes:DataSet>", f"<mes:DataSet {action}>".encode())
    assert len(read(body)) == 0


def test_a_missing_value_gives_no_row_and_a_word_is_kept_as_refused() -> None:
    message = read(
        make_sdmx_ml(
            OBS
            + '<Obs TIME_PERIOD="2024-02" OBS_VALUE="NaN"/><Obs TIME_PERIOD="2024-03"/>'
            + '<Obs TIME_PERIOD="2024-04" OBS_VALUE="1,5"/>'
            + '<Obs TIME_PERIOD="2024-05" OBS_VALUE="1_000"/>'
            + '<Obs TIME_PERIOD="2024-06" OBS_VALUE="1e308"/>'
        )
    )
    assert message.absent == 2
    assert [text for text, _ in message.refused.values()] == ["1,5", "1_000", "1e308"]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(make_sdmx_ml(OBS)[:-30], id="cut off"),
        pytest.param(make_sdmx_ml(OBS, root="Structure"), id="a structure"),
        pytest.param(make_sdmx_ml("<a>" * 70 + "</a>" * 70), id="nested"),
        pytest.param(
            b'<!DOCTYPE x [<!ENTITY a "b">]>' + make_sdmx_ml(OBS).partition(b"?>")[2], id="entity"
        ),
        pytest.param(
            b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><x:GenericData xmlns:x="y"/>', id="generic"
        ),
        pytest.param(b"<!DOCTYPE html><html><p>Sorry</html>", id="html"),
        pytest.param(b"{}", id="json of another kind"),
        pytest.param(b"a,b\n1,2", id="csv of another kind"),
        pytest.param(b"", id="empty"),
        pytest.param(b"STRUCTURE,TIME_PERIOD\nx,2024", id="csv without values"),
    ],
)
def test_what_is_no_data_message_is_refused(body: bytes) -> None:
    with pytest.raises(SourceFormatChanged):
        read(body)


def test_no_records_is_an_empty_message() -> None:
    assert len(read(b"NoRecordsFound")) == 0
    error = b'<mes:Error><mes:ErrorMessage code="100"/></mes:Error>'
    assert len(read(error)) == 0


def test_csv_with_labels_keeps_codes_and_drops_deleted_rows() -> None:
    body = (
        b"STRUCTURE,STRUCTURE_ID,ACTION,REF_AREA,Reference area,MEASURE,Measure,TIME_PERIOD,"
        b"OBS_VALUE,OBS_STATUS\n"
        b"DATAFLOW,X(1.0),I,USA,United States,LI,Indicator,2026-03,100.7,A\n"
        b"DATAFLOW,X(1.0),D,USA,United States,LI,Indicator,2026-04,100.8,A\n"
    )
    message = read(body, "REF_AREA", "MEASURE")
    assert message.series == [{"REF_AREA": "USA", "MEASURE": "LI"}]
    assert message.labels == ["2026-03"]


def test_a_csv_line_with_a_missing_cell_is_refused_and_not_shifted() -> None:
    body = b"DATAFLOW,FREQ,AREA,TIME_PERIOD,OBS_VALUE\nX,M,CN,2024-01,5\nX,CN,2024-02,6\n"
    message = read(body)
    assert list(message.values) == [5.0, 0.0]
    assert list(message.refused) == [1]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("2024-M3", "2024-03"),
        ("2024M12", "2024-12"),
        ("2024-Q4", "2024-Q4"),
        ("2024-W5", "2024-W05"),
        ("2024-S1", "2024-S1"),
        ("2024-A1", "2024"),
        ("2024-01-02T00:00:00Z", "2024-01-02"),
        ("soon", "soon"),
    ],
)
def test_time_periods_take_one_form(text: str, label: str) -> None:
    assert normalise_period(text) == label


def test_a_large_message_is_streamed_in_little_memory() -> None:
    one = b'<Obs TIME_PERIOD="2024-01" OBS_VALUE="1.5"/>'
    head, _, tail = make_sdmx_ml("@").partition(b"@")
    message = read_structure_specific(io.BytesIO(head + one * 50_000 + tail), what="large")
    assert len(message) == 50_000
    assert len(message.series) == 1
    assert message.values.itemsize * len(message) <= 400_000


@pytest.mark.data
@pytest.mark.parametrize(
    "shapes",
    ["ng-[ft]*", "rg-[ft]*", "sg-[ft]*", "ng-xs*"],  # other xs files differ
)
def test_all_shapes_of_the_agencies_own_example_give_the_same_facts(
    data: Path, shapes: str
) -> None:
    folder = data / "sdmx" / "ECB_EXR"
    files = sorted(folder.glob(f"{shapes}.xml"))
    found = {file.name: facts(read(file.read_bytes())) for file in files}
    assert len(files) >= 2
    assert len({tuple(entry) for entry in found.values()}) == 1, found
    assert len(next(iter(found.values()))) == 12


@pytest.mark.data
def test_real_json_csv_and_bulk_messages_are_read(data: Path) -> None:
    folder = data / "sdmx"
    assert len(read((folder / "ECB_EXR/flat.json").read_bytes())) == 4
    samples = folder / "pysdmx_samples"
    assert len(read((samples / "tests_io_samples_data_v1.csv").read_bytes())) == 360
    name = "tests_io_xml_sdmx21_reader_samples_str_all.xml"
    assert len(read((samples / name).read_bytes())) == 360
    assert len(read((folder / "oecd_no_records_body.txt").read_bytes())) == 0
