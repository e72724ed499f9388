"""`Register`: all implementations of a role by name, each entered where it is written."""

from __future__ import annotations

import importlib
import pkgutil
from typing import Generic, Protocol, TypeVar

from g7warn.errors import ConfigurationError


class Named(Protocol):
    """Anything with a name of its own."""

    @property
    def name(self) -> str:
        """Name under which it is registered."""
        ...


Role = TypeVar("Role", bound=Named)
Implementation = TypeVar("Implementation", bound="type[Named]")


class Register(Generic[Role]):
    """The implementations of one role in one package and the packages below it."""

    def __init__(self, *, role: str, package: str) -> None:
        """Start empty.

        Args:
            role: What the messages call an implementation, such as `detector`.
            package: Package whose modules enter their classes when they are imported.
        """
        self._role, self._package = role, package
        self._entries: dict[str, Role] = {}

    def enter(self, implementation: Implementation) -> Implementation:
        """Enter a class, built without arguments; a decorator.

        Raises:
            ConfigurationError: Another implementation has the same name.
        """
        one = implementation()
        if one.name in self._entries:
            message = f"two {self._role}s are named {one.name!r}; rename one"
            raise ConfigurationError(message, **{self._role: one.name})
        self._entries[one.name] = one  # type: ignore[assignment]
        return implementation

    def list_all(self) -> tuple[Role, ...]:
        """Return all implementations by name, after importing every module of the package."""
        package = importlib.import_module(self._package)
        for module in pkgutil.walk_packages(package.__path__, prefix=f"{self._package}."):
            importlib.import_module(module.name)
        return tuple(self._entries[name] for name in sorted(self._entries))
