"""Exit codes: a program that calls g7warn decides by them what to do next."""

from __future__ import annotations

from enum import IntEnum

from g7warn.errors import DataError, G7WarnError, PermanentError, TransientError


class Exit(IntEnum):
    """What the process returns."""

    OK = 0
    BUG = 1
    USAGE = 2
    PERMANENT = 3
    TRANSIENT = 4
    DATA = 5

    @property
    def meaning(self) -> str:
        """What it says and what to do, in one line."""
        return _MEANINGS[self]


_MEANINGS = {
    Exit.OK: "done",
    Exit.BUG: "a fault of g7warn itself: report it with the message",
    Exit.USAGE: "the command line is wrong: see --help",
    Exit.PERMANENT: "a person must act: a setting, an address or a layout is wrong",
    Exit.TRANSIENT: "try again later: a publisher, a channel or the database did not answer",
    Exit.DATA: "data were refused or are missing; everything else was done",
}
_BRANCHES = {
    PermanentError: Exit.PERMANENT,
    TransientError: Exit.TRANSIENT,
    DataError: Exit.DATA,
}


def exit_of(error: G7WarnError) -> Exit:
    """Return the exit code that an error's branch stands for."""
    return next((code for branch, code in _BRANCHES.items() if isinstance(error, branch)), Exit.BUG)


def exit_of_branches(branches: list[str]) -> Exit:
    """Return the exit code of a batch, given the branch name of each part that failed.

    A fault of the program weighs most, then what a person must look at, then data, then what may
    pass by itself.
    """
    for branch, code in (
        ("Bug", Exit.BUG),
        ("PermanentError", Exit.PERMANENT),
        ("DataError", Exit.DATA),
        ("TransientError", Exit.TRANSIENT),
    ):
        if branch in branches:
            return code
    return Exit.OK
