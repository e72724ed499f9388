"""Every error of the project, in three branches because there are three reactions.

```
G7WarnError(message, **context)        picklable, context is JSON-safe, never a secret
├── TransientError   try again         SourceUnavailable, SourceRateLimited, ChannelUnavailable,
│                                      StoreUnavailable
├── PermanentError   a person must act ConfigurationError, SourceRejected, SourceFormatChanged,
│                                      ChannelRejected, IllegalTransition
└── DataError        record, go on     ValidationFailed, StaleData, InsufficientHistory,
                                       UnitMismatch, CorrectionOutdated
```

A message says what happened, to which one, and what to do. Retry or stop is decided by the branch
alone, never by the text. Errors of other libraries do not leave the folder that owns the library.
"""

from __future__ import annotations

from typing import Self


class G7WarnError(Exception):
    """An error with a message for a person and a context for a program.

    Args:
        message: What happened, to which one, and what to do.
        **context: JSON-safe facts (strings, numbers, booleans, lists of these); no secrets.
    """

    def __init__(self, message: str, **context: object) -> None:
        super().__init__(message)
        self.message = message
        self.context = context

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle by message and context: a worker process hands errors to its parent."""
        return (_rebuild_error, (type(self), self.message, self.context))

    def to_dict(self) -> dict[str, object]:
        """Return type, branch, message and context as a JSON-safe mapping."""
        return {
            "error": type(self).__name__,
            "branch": self.branch(),
            "message": self.message,
            "context": self.context,
        }

    @classmethod
    def branch(cls) -> str:
        """Return the name of the branch that decides the reaction.

        Example:
            >>> SourceRateLimited.branch()
            'TransientError'
        """
        for branch in (TransientError, PermanentError, DataError):
            if issubclass(cls, branch):
                return branch.__name__
        return cls.__name__

    @classmethod
    def of(cls, message: str, context: dict[str, object]) -> Self:
        """Return an error of this class with a context given as a mapping."""
        return cls(message, **context)


def _rebuild_error(
    error_class: type[G7WarnError], message: str, context: dict[str, object]
) -> G7WarnError:
    return error_class.of(message, context)


class TransientError(G7WarnError):
    """The same call may succeed later: try again."""


class SourceUnavailable(TransientError):
    """A publisher did not answer, or answered that it cannot now."""


class SourceRateLimited(TransientError):
    """A publisher asked to slow down; `retry_after_seconds` says for how long."""

    @property
    def retry_after_seconds(self) -> float:
        """Seconds to wait before the next call; 60 where the publisher named none."""
        value = self.context.get("retry_after_seconds", 60.0)
        return float(value) if isinstance(value, int | float) else 60.0


class ChannelUnavailable(TransientError):
    """A channel did not take a notice now; `retry_after_seconds` is 0 where none was named."""

    @property
    def retry_after_seconds(self) -> float:
        """Seconds the channel asked to wait, 0 where it named none."""
        value = self.context.get("retry_after_seconds", 0.0)
        return float(value) if isinstance(value, int | float) else 0.0


class StoreUnavailable(TransientError):
    """The database did not answer, is locked, or its disk is full."""


class PermanentError(G7WarnError):
    """Trying again changes nothing: a person must act."""


class ConfigurationError(PermanentError):
    """A setting, a catalogue, a rubric or an argument is wrong."""


class SourceRejected(PermanentError):
    """A publisher refused the request (4xx), or an address is not allowed."""


class SourceFormatChanged(PermanentError):
    """A payload is not in a layout this release knows: nothing of it was stored."""


class ChannelRejected(PermanentError):
    """A channel refused a notice for good; `is_endpoint_gone` asks to disable the endpoint."""

    @property
    def is_endpoint_gone(self) -> bool:
        """Whether the receiver said that this endpoint no longer exists (HTTP 410)."""
        return bool(self.context.get("is_endpoint_gone", False))


class IllegalTransition(PermanentError):
    """An alert, a notice or a delivery was asked to take a step its life does not have."""


class DataError(G7WarnError):
    """The data are at fault: record it and go on with the rest."""


class ValidationFailed(DataError):
    """A batch failed a critical expectation: nothing of it was stored."""


class StaleData(DataError):
    """Data are older than their calendar allows."""


class InsufficientHistory(DataError):
    """A series is too short for what was asked of it."""


class UnitMismatch(DataError):
    """A unit is unknown or of another dimension than declared."""


class CorrectionOutdated(DataError):
    """A correction's guard no longer matches: the publisher has changed the value it mends."""
