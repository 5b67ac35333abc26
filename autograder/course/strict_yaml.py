"""Read a YAML file strictly into typed records: whatever is wrong with it is said in one sentence, with its place."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, ClassVar, Literal, TypeVar, Union, get_args, get_origin

import msgspec
import yaml

from autograder.errors import CourseError

try:
    from yaml import CSafeLoader as SafeLoader
except ImportError:  # PyYAML was built without its C library
    from yaml import SafeLoader  # type: ignore[assignment]

T = TypeVar("T")
_AT = re.compile(r" - at `(key` in `)?\$([^`]*)`\Z")  # the end of msgspec's messages
_STEPS = re.compile(r"\.(\w+)|\[(\d+|\.\.\.)\]")  # of the place that it names
PLAIN_WORDS = {str: "a text", bool: "true or false", float: "a number"}


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A mapping in a file; its fields are the keys that are known. Sentences call it `called` and its `id` or number.

    The `description` of a field's msgspec.Meta is what a sentence says is expected there.
    """

    called: ClassVar[str] = "entry"


def read_text(path: Path) -> str:
    """The file's text. Raises CourseError if it is missing or isn't UTF-8."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise CourseError(f"{path} can't be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        found = f"line {line} holds the byte {error.object[error.start]:#04x}"
        raise CourseError(f"{path} isn't UTF-8: {found}. Save the file as UTF-8.") from error


def read_yaml(path: Path, kind: type[T], *, with_line: bool = False) -> T:
    """The file as a `kind`; an empty file is an empty mapping. Raises CourseError, which names the line, too, if asked
    to."""
    loaded = _loaded(path)
    try:
        return msgspec.convert(loaded, kind)
    except msgspec.ValidationError as error:
        line = f", line {line_of(path, _place(str(error)))}" if with_line else ""
        raise CourseError(f"{path}{line}{_sentence(str(error), loaded, kind)}") from error


def line_of(path: Path, place: str) -> int:
    """The line of a place such as ".items[3].points" in a file that is valid YAML; of what isn't there, the line of
    what would hold it."""
    node = yaml.compose(read_text(path), Loader=_Loader)
    line = 1
    for key, index in _STEPS.findall(place):
        if isinstance(node, yaml.MappingNode):
            node = next((value for name, value in node.value if name.value == key), None)
        elif isinstance(node, yaml.SequenceNode) and index.isdecimal():
            node = node.value[int(index)]
        else:
            node = None
        if node is None:
            break
        line = node.start_mark.line + 1
    return line


class _Loader(SafeLoader):
    """PyYAML keeps the last of two equal keys, and takes 1e-9 for a text since it has no dot."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode):
                if key.value in seen:
                    twice = f"the key `{key.value}` stands twice in one mapping"
                    raise yaml.constructor.ConstructorError(None, None, twice, key.start_mark)
                seen.add(key.value)
        return super().construct_mapping(node, deep)


_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)[eE][-+]?[0-9]+\Z"), list("-+.0123456789")
)


def _loaded(path: Path) -> Any:
    text = read_text(path)
    try:
        loaded = yaml.load(text, Loader=_Loader)
    except (yaml.YAMLError, ValueError) as error:  # a ValueError: what looks like a date and is none, as 2026-13-01
        line, says = _complaint(error, text)
        raise CourseError(f"{path}{f', line {line}' if line else ''}: this isn't valid YAML: {says}.") from error
    return {} if loaded is None else loaded


def _complaint(error: Exception, text: str) -> tuple[int | None, str]:
    """The line that PyYAML complains about, if it says which, and what it says."""
    if isinstance(error, yaml.MarkedYAMLError):
        line = error.problem_mark.line + 1 if error.problem_mark else None
        return line, ", ".join(part for part in (error.context, error.problem) if part)
    if isinstance(error, yaml.reader.ReaderError):
        return text.count("\n", 0, error.position) + 1, f"{error.reason}, found {chr(error.character)!r}"
    return None, str(error)


def _place(message: str) -> str:
    """The place that msgspec's message names, such as ".items[3].points"."""
    at = _AT.search(message)
    return at[2] if at else ""


def _sentence(message: str, loaded: Any, kind: Any) -> str:
    """msgspec's message, such as "Expected `float`, got `str` - at `$.items[3].points`", in an author's words."""
    at = _AT.search(message)
    words, kind, value = _followed(loaded, kind, at[2] if at else "")
    start = "".join(f", {word}" for word in words) + ": "
    what = message[: at.start()] if at else message
    named = re.fullmatch(r"Object (contains unknown|missing required) field `(.*)`", what, re.DOTALL)
    if named:
        missing = named[1].startswith("missing")
        return start + (_missing if missing else _unknown)(named[2], _narrowed(kind, value), value)
    if at and at[1]:
        found = next(key for key in value if not isinstance(key, str))
        return f"{start}expected a text as each key, but {_found(found, str)}."
    return f"{start}expected {_expected(kind)}, but {_found(value, kind)}."


def _followed(value: Any, kind: Any, place: str) -> tuple[list[str], Any, Any]:
    """The words for a place such as `$.items[3].points`, with the type that belongs there and what stands there."""
    words: list[str] = []
    for key, index in _STEPS.findall(place):
        kind = _narrowed(kind, value)
        if key:
            kind, value = _keys(kind)[key], value.get(key)
            words.append(f"key `{key}`")
        elif index == "...":  # msgspec doesn't say which key of a mapping
            kind = get_args(kind)[1]
            key, value = next((key, held) for key, held in value.items() if not _fits(held, kind))
            words.append(f"`{key}`")
        else:
            kind, value = get_args(kind)[0], value[int(index)]
            called = getattr((get_args(kind) or (kind,))[0], "called", None)
            if called and words[-1].startswith("key"):
                words.pop()  # "question 3" is enough: nobody needs to hear that it is an item of `items`
            words.append(f"{called or 'item'} {_name(value) or int(index) + 1}")
    return words, kind, value


def _narrowed(kind: Any, value: Any) -> Any:
    """The type without its annotation; of several kinds of entry, the one that the value says it is."""
    if get_origin(kind) is Annotated:
        kind = get_args(kind)[0]
    if get_origin(kind) in (Union, UnionType) and isinstance(value, dict):
        for member in get_args(kind):
            tag = getattr(member, "__struct_config__", None)
            if tag and value.get(tag.tag_field) == tag.tag:
                return member
    return kind


def _keys(kind: Any) -> dict[str, Any]:
    """The known keys of an entry, with their types. Where there are several kinds of entry, one key tells which."""
    members = get_args(kind) or (kind,)
    configs = [member.__struct_config__ for member in members]
    tags = {config.tag_field: Literal[tuple(c.tag for c in configs)] for config in configs if config.tag}
    return tags | {field.encode_name: field.type for field in msgspec.structs.fields(members[0])}


def _name(value: Any) -> str | None:
    name = value.get("id") if isinstance(value, dict) else None
    return name if isinstance(name, str) else None


def _fits(value: Any, kind: Any) -> bool:
    try:
        msgspec.convert(value, kind)
    except msgspec.ValidationError:
        return False
    return True


def _unknown(key: str, kind: Any, value: dict[str, Any]) -> str:
    config, known = kind.__struct_config__, _keys(kind)
    with_tag = f" with `{config.tag_field}: {config.tag}`" if config.tag else ""
    near = _near(key, [name for name in known if name not in value])
    return f"the key `{key}` isn't known{with_tag}{near}; known: {', '.join(known)}."


def _missing(key: str, kind: Any, value: dict[str, Any]) -> str:
    known = _keys(kind)
    near = _near(key, [name for name in value if name not in known])
    return f"the key `{key}` is missing{near}; expected {_expected(known[key])}."


def _near(word: str, others: Collection[Any]) -> str:
    near = difflib.get_close_matches(word, [other for other in others if isinstance(other, str)], 1, cutoff=0.5)
    return f" (did you mean `{near[0]}`?)" if near else ""


def _expected(kind: Any) -> str:
    if get_origin(kind) is Annotated:
        described = [meta.description for meta in kind.__metadata__ if meta.description]
        return described[0] if described else _expected(get_args(kind)[0])
    if get_origin(kind) is Literal:
        *others, last = get_args(kind)
        return f"{', '.join(others)} or {last}"
    if get_origin(kind) in (Union, UnionType):
        return _expected(get_args(kind)[0])
    return PLAIN_WORDS.get(kind, "keys with their values")


def _found(value: Any, kind: Any) -> str:
    if value is None:
        return "found nothing"
    if isinstance(value, str):
        near = _near(value, get_args(kind)) if get_origin(kind) is Literal else ""
        return f"found the text {value!r}{near}"
    if isinstance(value, dict):
        return "found keys with values"
    if isinstance(value, list):
        return f"found a list of {len(value)}"
    said = str(value).lower() if isinstance(value, bool) else str(value)
    return f"found {said}" + (", which needs quotes to be a text" if _is_text(kind) else "")


def _is_text(kind: Any) -> bool:
    return kind is str or (get_origin(kind) is not Literal and any(_is_text(part) for part in get_args(kind)))
