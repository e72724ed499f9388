"""What an indicator says of a move is tested apart from whether a lone move waits."""

import pytest

from g7warn.signals import panel


@pytest.fixture(autouse=True)
def every_move_counts(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let newest prices that jump alone stand, but where their waiting is the subject."""
    if request.path.stem not in {"test_lone_move", "test_turning"}:
        monkeypatch.setattr(panel, "leave_out_lone_moves", lambda prices, *, jump: prices)
