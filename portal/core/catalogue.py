"""What the French catalogue must hold: the messages of our Python code and templates.

GNU gettext is not needed: Python parses itself, and Django turns a template into calls.
Nothing of the running portal imports this module: it serves development.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import polib
from django.utils.translation.template import templatize

#: Folders of our own sources, relative to the root of the project.
SOURCE_FOLDERS = ("agenda", "directory", "forum", "portal", "project_sheets", "search")
TEMPLATE_SUFFIXES = {".html", ".txt", ".xml"}
#: Function → (position of the context, of the message, of its plural), as Django defines them.
FUNCTIONS: dict[str, tuple[int | None, int, int | None]] = {
    "_": (None, 0, None),
    "gettext": (None, 0, None),
    "gettext_lazy": (None, 0, None),
    "gettext_noop": (None, 0, None),
    "ngettext": (None, 0, 1),
    "ngettext_lazy": (None, 0, 1),
    "pgettext": (0, 1, None),
    "pgettext_lazy": (0, 1, None),
    "npgettext": (0, 1, 2),
    "npgettext_lazy": (0, 1, 2),
}
_STRING = r"""u?(?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")"""
# templatize() writes each call on one line and blanks out everything else.
_TEMPLATE_CALL = re.compile(rf"\b(n?p?gettext|_)\(\s*({_STRING}(?:\s*,\s*{_STRING})*)")
#: An ordinary space where French typography wants one that keeps the line together.
_BREAKABLE = re.compile(r"\S [:;!?»]|« ")
_PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}")

#: Context (or None) and message: what gettext looks up.
Key = tuple[str | None, str]


@dataclass
class Message:
    """One message of the sources, and the files that say it."""

    context: str | None
    text: str
    plural: str | None = None
    files: set[str] = field(default_factory=set)

    @property
    def key(self) -> Key:
        """Return what gettext looks up."""
        return self.context, self.text


def _message(function: str, arguments: list[str | None]) -> Message | None:
    """Return the message of a call, or None where it is computed and so cannot be translated here."""
    context_at, text_at, plural_at = FUNCTIONS[function]
    wanted = [position for position in (context_at, text_at, plural_at) if position is not None]
    if len(arguments) <= max(wanted) or any(arguments[position] is None for position in wanted):
        return None
    context = arguments[context_at] if context_at is not None else None
    plural = arguments[plural_at] if plural_at is not None else None
    return Message(context, str(arguments[text_at]), plural)


def _called_name(node: ast.Call) -> str:
    if isinstance(node.func, ast.Name):
        return node.func.id
    return node.func.attr if isinstance(node.func, ast.Attribute) else ""


def messages_in_python(source: str) -> Iterator[Message]:
    """Yield the messages of one Python module."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and (name := _called_name(node)) in FUNCTIONS:
            texts = [
                argument.value if isinstance(argument, ast.Constant) and isinstance(argument.value, str) else None
                for argument in node.args
            ]
            if message := _message(name, texts):
                yield message


def messages_in_template(source: str, origin: str = "") -> Iterator[Message]:
    """Yield the messages of one Django template."""
    for name, strings in _TEMPLATE_CALL.findall(templatize(source, origin=origin)):
        if message := _message(name, list(ast.literal_eval(f"({strings},)"))):
            yield message


def _source_files(root: Path) -> Iterator[Path]:
    for folder in SOURCE_FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix == ".py" or (path.suffix in TEMPLATE_SUFFIXES and "static" not in path.parts):
                yield path


def messages_of_sources(root: Path) -> dict[Key, Message]:
    """Return every message of our sources under the root of the project."""
    found: dict[Key, Message] = {}
    for path in _source_files(root):
        name = path.relative_to(root).as_posix()
        source = path.read_text(encoding="utf-8")
        messages = messages_in_python(source) if path.suffix == ".py" else messages_in_template(source, name)
        for message in messages:
            kept = found.setdefault(message.key, message)
            # The singular alone elsewhere does not make the plural go away.
            kept.plural = kept.plural or message.plural
            kept.files.add(name)
    return found


def placeholders(text: str) -> set[str]:
    """Return the values that a message lets in: ``%(name)s``, ``%s``, ``{name}``."""
    return set(_PLACEHOLDER.findall(text.replace("%%", "")))


def _translation_problems(entry: polib.POEntry, message: Message) -> Iterator[str]:
    if "fuzzy" in entry.flags:
        yield "fuzzy"
    if (message.plural or "") != (entry.msgid_plural or ""):
        yield "its plural is not the sources'"
        return
    allowed = placeholders(message.text) | placeholders(message.plural or "")
    translations = list(entry.msgstr_plural.values()) if message.plural else [entry.msgstr]
    if not all(translation.strip() for translation in translations) or not translations:
        yield "not translated"
    elif any(placeholders(translation) - allowed for translation in translations):
        yield "lets in a value that the message has not"
    # "Une fiche" may leave out its number; a message without plural may leave out nothing.
    elif not message.plural and placeholders(translations[0]) != allowed:
        yield "leaves out a value"
    if any(_BREAKABLE.search(translation) for translation in translations):
        yield "a line may break before its punctuation: U+00A0 before « : » and inside quotes, U+202F before ; ! ?"


def problems_of(catalogue: Iterable[polib.POEntry], wanted: dict[Key, Message]) -> list[str]:
    """Return one sentence per defect: missing, empty, fuzzy, obsolete, repeated or wrong entry."""
    problems = []
    seen: set[Key] = set()
    for entry in catalogue:
        key = (entry.msgctxt, entry.msgid)
        message = wanted.get(key)
        if key in seen and not entry.obsolete:
            problems.append(f"repeated: {entry.msgid!r}")
        elif entry.obsolete or message is None:
            problems.append(f"obsolete: {entry.msgid!r}")
        else:
            problems.extend(f"{defect}: {entry.msgid!r}" for defect in _translation_problems(entry, message))
        seen.add(key)
    problems.extend(
        f"missing: {message.text!r} ({', '.join(sorted(message.files))})"
        for key, message in sorted(wanted.items(), key=lambda item: item[0][1])
        if key not in seen
    )
    return problems


def rewritten(catalogue: polib.POFile, wanted: dict[Key, Message], others: Iterable[polib.POFile]) -> polib.POFile:
    """Return the catalogue with what the sources say and nothing else, keeping the French it has.

    A message that the catalogue has not translated takes the translation of the first of the
    ``others`` that has one.
    """
    known: dict[Key, polib.POEntry] = {}
    for source in (catalogue, *others):
        for entry in source:
            key = (entry.msgctxt, entry.msgid)
            if not entry.obsolete and (key not in known or not known[key].translated()):
                known[key] = entry
    result = polib.POFile(wrapwidth=110)
    result.metadata = catalogue.metadata
    for key, message in sorted(wanted.items(), key=lambda item: (item[0][1].lower(), item[0][0] or "")):
        result.append(_entry_for(message, known.get(key)))
    return result


def _entry_for(message: Message, known: polib.POEntry | None) -> polib.POEntry:
    entry = polib.POEntry(
        msgctxt=message.context,
        msgid=message.text,
        msgid_plural=message.plural or "",
        # Files without line numbers: a line added above must not change the catalogue.
        occurrences=[(name, "") for name in sorted(message.files)],
        flags=["python-format"] if re.search(r"%\(\w+\)|%[sd]", message.text) else [],
    )
    if message.plural:
        entry.msgstr_plural = dict(known.msgstr_plural) if known and known.msgstr_plural else {0: "", 1: ""}
    else:
        entry.msgstr = known.msgstr if known else ""
    return entry
