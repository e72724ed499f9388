from __future__ import annotations

import pytest

from g7warn.errors import SourceFormatChanged
from g7warn.feeds.csvtable import MAX_LINE, read_csv


def test_blank_cells_behind_a_line_shift_nothing_and_a_filled_one_is_damage() -> None:
    table = read_csv(b"a,b,\n1,2,\n3,4,,\n5,6\n7,8,9\n7\n", what="a file")
    assert [row.cells for row in table] == [
        {"a": "1", "b": "2"},
        {"a": "3", "b": "4"},
        {"a": "5", "b": "6"},
    ]
    assert [number for number, _ in table.damaged] == [5, 6]


def test_a_line_longer_than_any_table_has_is_refused_before_it_is_decoded() -> None:
    with pytest.raises(SourceFormatChanged, match="a line is longer"):
        read_csv(b"a,b\n1," + b"x" * MAX_LINE + b"\n", what="a file")
    lines = b"".join(b"%d,2\r" % n for n in range(MAX_LINE // 4))
    assert len(read_csv(b"a,b\r" + lines, what="a file")) == MAX_LINE // 4
