"""The check of the French catalogue finds what is missing, wrong or too much."""

from pathlib import Path

import polib
import pytest

from portal.core.catalogue import (
    Message,
    messages_in_python,
    messages_in_template,
    messages_of_sources,
    problems_of,
    rewritten,
)
from scripts.compile_catalogue import compile_stale_catalogues


def catalogue(*entries: polib.POEntry) -> polib.POFile:
    """Return a catalogue that holds these entries."""
    result = polib.POFile()
    result.extend(entries)
    return result


def wanted(*messages: Message) -> dict[tuple[str | None, str], Message]:
    """Return these messages as the sources' ones."""
    return {message.key: message for message in messages}


def test_messages_of_python_code() -> None:
    source = """
_("One" " two")
gettext_lazy("Lazy")
ngettext("%(count)s sheet", "%(count)s sheets", count)
pgettext_lazy("verb", "Present")
_(computed)
translation.gettext("By attribute")
other("Not a message")
"""
    found = [(message.context, message.text, message.plural) for message in messages_in_python(source)]

    assert sorted(found, key=str) == sorted(
        [
            (None, "One two", None),
            (None, "Lazy", None),
            (None, "%(count)s sheet", "%(count)s sheets"),
            ("verb", "Present", None),
            (None, "By attribute", None),
        ],
        key=str,
    )


def test_messages_of_templates() -> None:
    source = """{% load i18n %}<p title="{% translate 'It works' context "c" %}">gettext("text of the page")</p>
{% blocktranslate trimmed count n=x %}
  One {{ a }}, 5 %
{% plural %}Many{% endblocktranslate %}{{ b|default:_("Nothing") }}
{% ui "badge" label=_("New, here") %}{# _("no") #}"""
    found = [(message.context, message.text, message.plural) for message in messages_in_template(source)]

    assert found == [
        ("c", "It works", None),
        (None, "One %(a)s, 5 %%", "Many"),
        (None, "Nothing", None),
        (None, "New, here", None),
    ]


def test_messages_of_a_tree_know_their_files(tmp_path: Path) -> None:
    (tmp_path / "portal/templates").mkdir(parents=True)
    (tmp_path / "portal/views.py").write_text('_("Sheet")')
    (tmp_path / "portal/templates/a.html").write_text('{% load i18n %}{% translate "Sheet" %}')

    found = messages_of_sources(tmp_path)

    assert {message.text: message.files for message in found.values()} == {
        "Sheet": {"portal/views.py", "portal/templates/a.html"},
    }


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        (polib.POEntry(msgid="Sheet", msgstr=""), "not translated"),
        (polib.POEntry(msgid="Sheet", msgstr="Fiche !"), "a line may break"),
        (polib.POEntry(msgid="Sheet", msgstr="« Fiche\N{NO-BREAK SPACE}»"), "a line may break"),
        (polib.POEntry(msgid="Sheet", msgstr="Fiche", flags=["fuzzy"]), "fuzzy"),
        (polib.POEntry(msgid="Sheet", msgstr="Fiche", obsolete=True), "obsolete"),
        (polib.POEntry(msgid="Other", msgstr="Autre"), "obsolete: 'Other'"),
        (polib.POEntry(msgid="Other", msgstr="Autre"), "missing: 'Sheet'"),
        (polib.POEntry(msgid="Sheet", msgstr="Fiche %(name)s"), "lets in a value"),
        (polib.POEntry(msgid="Sheet", msgid_plural="Sheets", msgstr_plural={0: "a", 1: "b"}), "plural"),
    ],
)
def test_a_defect_of_the_catalogue_is_found(entry: polib.POEntry, problem: str) -> None:
    problems = problems_of(catalogue(entry), wanted(Message(None, "Sheet")))

    assert any(problem in sentence for sentence in problems), problems


def test_a_plural_needs_both_forms_and_a_message_all_its_values() -> None:
    plural = Message(None, "%(count)s sheet", "%(count)s sheets")
    value = Message(None, "By %(name)s")
    half = polib.POEntry(msgid=plural.text, msgid_plural=plural.plural, msgstr_plural={0: "une fiche", 1: ""})
    lost = polib.POEntry(msgid=value.text, msgstr="Par quelqu’un")

    assert problems_of(catalogue(half, lost), wanted(plural, value)) == [
        "not translated: '%(count)s sheet'",
        "leaves out a value: 'By %(name)s'",
    ]


def test_a_repeated_entry_is_found() -> None:
    twice = [polib.POEntry(msgid="Sheet", msgstr="Fiche"), polib.POEntry(msgid="Sheet", msgstr="Feuille")]

    assert problems_of(twice, wanted(Message(None, "Sheet"))) == ["repeated: 'Sheet'"]


def test_rewriting_keeps_the_french_adds_and_removes() -> None:
    kept = polib.POEntry(msgid="Sheet", msgstr="Fiche")
    gone = polib.POEntry(msgid="Gone", msgstr="Parti")
    other = catalogue(polib.POEntry(msgid="New", msgstr="Nouveau"), polib.POEntry(msgid="Sheet", msgstr="Feuille"))
    sources = wanted(Message(None, "Sheet"), Message(None, "New"), Message(None, "Unknown"))

    result = rewritten(catalogue(kept, gone), sources, [other])

    assert {entry.msgid: entry.msgstr for entry in result} == {"Sheet": "Fiche", "New": "Nouveau", "Unknown": ""}


def test_a_stale_catalogue_is_compiled_once(tmp_path: Path) -> None:
    folder = tmp_path / "locale/fr/LC_MESSAGES"
    folder.mkdir(parents=True)
    catalogue(polib.POEntry(msgid="Sheet", msgstr="Fiche")).save(str(folder / "django.po"))

    assert compile_stale_catalogues(tmp_path) == [folder / "django.mo"]
    assert compile_stale_catalogues(tmp_path) == []
    assert [entry.msgstr for entry in polib.mofile(str(folder / "django.mo"))] == ["Fiche"]
