from __future__ import annotations

from g7warn.feeds.csvtable import read_csv


def test_blank_cells_behind_a_line_shift_nothing_and_a_filled_one_is_damage() -> None:
    table = read_csv(b"a,b,\n1,2,\n3,4,,\n5,6\n7,8,9\n7\n", what="a file")
    assert [row.cells for row in table] == [
        {"a": "1", "b": "2"},
        {"a": "3", "b": "4"},
        {"a": "5", "b": "6"},
    ]
    assert [number for number, _ in table.damaged] == [5, 6]
