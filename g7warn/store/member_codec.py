"""Members as plain mappings and back: the form of the store and of the YAML file alike."""

from __future__ import annotations

from enum import IntEnum
from functools import cache
from typing import TYPE_CHECKING, Any

import yaml
from pydantic import TypeAdapter, ValidationError

from g7warn.domain.alert import Grade
from g7warn.domain.member import Member
from g7warn.errors import ConfigurationError

if TYPE_CHECKING:
    from collections.abc import Iterable

_GRADE_FIELDS = {"minimum_grade", "broken_by"}
_NULLS = {"", "~", "null"}


@cache
def _adapter() -> TypeAdapter[Member]:
    return TypeAdapter(Member)


def member_to_plain(member: Member) -> dict[str, Any]:
    """Return a member as JSON-safe mapping: grades by name, sets sorted, defaults left out."""
    plain = _adapter().dump_python(member, exclude_defaults=True)
    result: dict[str, Any] = _simplify(plain)
    return result


def _simplify(value: Any) -> Any:  # noqa: ANN401 - any JSON-safe value
    if isinstance(value, dict):
        return {key: _simplify(item) for key, item in value.items()}
    if isinstance(value, frozenset | set):
        return sorted(str(item) for item in value)
    if isinstance(value, tuple | list):
        return [_simplify(item) for item in value]
    if isinstance(value, IntEnum):
        return value.name.lower()
    if isinstance(value, bool | int | float):
        return value
    return str(value)


def plain_to_member(plain: object) -> Member:
    """Return the member of a mapping, as `member_to_plain` or a person wrote it.

    Raises:
        ConfigurationError: Unknown keys, wrong values, or names that dangle; the message says
            where, and shows no value.
    """
    try:
        return _adapter().validate_python(_name_grades(plain))
    except ValidationError as error:
        name = plain.get("member_id", "?") if isinstance(plain, dict) else "?"
        faults = [
            f"{'.'.join(map(str, fault['loc'])) or 'member'}: {fault['msg']}"
            for fault in error.errors()
        ]
        message = f"member {name!r} is wrong: {'; '.join(faults)}"
        raise ConfigurationError(message, member=str(name), faults=faults) from None


def _name_grades(value: Any, key: str = "") -> Any:  # noqa: ANN401 - any JSON-safe value
    if isinstance(value, dict):
        return {name: _name_grades(item, name) for name, item in value.items()}
    if isinstance(value, list):
        return [_name_grades(item) for item in value]
    if key in _GRADE_FIELDS and isinstance(value, str):
        return Grade.__members__.get(value.upper(), value)
    if key == "quiet_hours" and value in _NULLS:
        return None
    return value


def members_to_yaml(members: Iterable[Member]) -> str:
    """Return members as the text of a YAML file. Secrets are not in it, only their names."""
    plain = [member_to_plain(member) for member in members]
    return yaml.safe_dump({"members": plain}, sort_keys=False, allow_unicode=True)


def yaml_to_members(text: str) -> tuple[Member, ...]:
    """Return the members of a YAML file.

    Every scalar is read as text first, so that 22:00 is a time and `no` is Norway.

    Raises:
        ConfigurationError: No YAML, no list of members, a member that is wrong, or one named
            twice. Nothing of the file is taken then.
    """
    try:
        document = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - builds text alone
    except yaml.YAMLError as error:
        message = f"the members' file is no YAML: {error}"
        raise ConfigurationError(message) from None
    if not isinstance(document, dict) or not isinstance(document.get("members"), list):
        message = "the members' file has no list `members:` at its top"
        raise ConfigurationError(message)
    if unknown := sorted(set(document) - {"members"}):
        message = f"the members' file has unknown keys {unknown}; it holds `members:` alone"
        raise ConfigurationError(message, keys=unknown)
    members = tuple(plain_to_member(entry) for entry in document["members"])
    check_names(members)
    return members


def check_names(members: Iterable[Member]) -> None:
    """Refuse members or endpoints that share a name.

    Raises:
        ConfigurationError: Two members, or two endpoints of the installation, share one.
    """
    seen: set[str] = set()
    for member in members:
        names = [
            f"member {member.member_id}",
            *(f"endpoint {e.endpoint_id}" for e in member.endpoints),
        ]
        for name in names:
            if name in seen:
                message = f"{name!r} is named twice: names are unique in an installation"
                raise ConfigurationError(message, name=name)
            seen.add(name)
