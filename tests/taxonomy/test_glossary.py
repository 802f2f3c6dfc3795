import re
import time

import pytest
from django.core.cache import cache
from django.db import connection
from django.template import Context, Template
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.safestring import mark_safe
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoCaptureOnCommitCallbacks

from portal.core.markdown import render_markdown
from portal.taxonomy.glossary import Glossary, current_glossary, link_acronyms, read_glossary
from tests.taxonomy.factories import GlossaryEntryFactory

WORDS = {"BPI": "/glossaire/#bpi", "SPE": "/glossaire/#spe", "SPIE": "/glossaire/#spie", "PIC": "/glossaire/#pic"}
GLOSSARY = Glossary("1", WORDS, re.compile(r"(?<![\w&#-])(?:SPIE|BPI|SPE|PIC)(?![\w-])"))
LINK = re.compile(r'<a href="/glossaire/#[a-z]+">([A-Z]+)</a>')


def linked(html: str, leave: str = "") -> str:
    return link_acronyms(html, glossary=GLOSSARY, leave=leave)


def link(acronym: str) -> str:
    return f'<a href="{WORDS[acronym]}">{acronym}</a>'


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("Les BPI, puis les BPI.", f"Les {link('BPI')}, puis les BPI."),
        ("État/SPE/SPIE", f"État/{link('SPE')}/{link('SPIE')}"),
        ("l’SPE (BPI)", f"l’{link('SPE')} ({link('BPI')})"),
        ("d&#x27;SPE &amp;BPI", f"d&#x27;{link('SPE')} &amp;{link('BPI')}"),
        ("BPIs et ABPI, BPI-emploi, ex-SPE, BPI_2", "BPIs et ABPI, BPI-emploi, ex-SPE, BPI_2"),
        ("bpi et Pic", "bpi et Pic"),
        ("&PIC; &#BPI;", "&PIC; &#BPI;"),
        ('<a href="/x">BPI</a> BPI', f'<a href="/x">BPI</a> {link("BPI")}'),
        ("<h2>BPI</h2><p>BPI</p>", f"<h2>BPI</h2><p>{link('BPI')}</p>"),
        ("<code>BPI</code><pre>SPE</pre>SPE", f"<code>BPI</code><pre>SPE</pre>{link('SPE')}"),
        ("<p title=\"BPI > SPE\" data-x='BPI'>PIC</p>", f"<p title=\"BPI > SPE\" data-x='BPI'>{link('PIC')}</p>"),
        ("<!-- BPI > -->BPI", f"<!-- BPI > -->{link('BPI')}"),
        ("<script>if (a<b) BPI</script>BPI", f"<script>if (a<b) BPI</script>{link('BPI')}"),
        ("<h2><em>BPI</em> SPE</h2>", "<h2><em>BPI</em> SPE</h2>"),
        ("<a href=x>SPE", "<a href=x>SPE"),
        ("</a>SPE", f"</a>{link('SPE')}"),
        ("2 < 3 BPI", f"2 < 3 {link('BPI')}"),
        ('<p title="BPI', '<p title="BPI'),
        ("<strong>BPI</strong>", f"<strong>{link('BPI')}</strong>"),
        ("", ""),
    ],
)
def test_where_links_are_put(html: str, expected: str) -> None:
    assert linked(html) == expected


def test_an_entry_does_not_link_to_itself() -> None:
    assert linked("BPI et SPE", leave="BPI") == f"BPI et {link('SPE')}"


PIECES = st.sampled_from(
    [
        "BPI",
        "SPE",
        "SPIE",
        "PIC",
        " ",
        "x",
        "-",
        "<p>",
        "</p>",
        "<a href='BPI'>",
        "</a>",
        "<h2>",
        "</h2>",
        "<",
        ">",
        '"',
        "'",
        "&",
        "&amp;",
        "<!--",
        "-->",
        "<script>",
        "</script>",
        '<b title="PIC">',
        "é",
        "\x00",
        "</",
    ]
)


@given(st.lists(PIECES | st.text(max_size=5), max_size=40).map("".join))
def test_nothing_but_links_is_added(html: str) -> None:
    result = linked(html)
    assert LINK.sub(r"\1", result) == html
    assert len(LINK.findall(result)) == len(set(LINK.findall(result)))


@given(st.lists(st.sampled_from(["BPI ", "SPE,", "# ", "**", "`", "[BPI](http://x.fr)", "\n\n", "text "]), max_size=30))
def test_links_never_nest_in_rendered_texts(pieces: list[str]) -> None:
    result = linked(render_markdown("".join(pieces)))
    inside_links = re.findall(r"<a [^>]*>(.*?)</a>", result, re.DOTALL)
    assert not any("<a " in text for text in inside_links)
    assert not any("<a " in text for text in re.findall(r"<code>(.*?)</code>", result, re.DOTALL))


@pytest.mark.parametrize("piece", ['<"', "<", "<a>", "<!--", "BPI ", "<script>", "&", "<p title='"])
def test_time_grows_with_the_length_alone(piece: str) -> None:
    started = time.perf_counter()
    linked(piece * 100_000)
    assert time.perf_counter() - started < 2


@pytest.mark.django_db
def test_read_glossary_escapes_and_orders_by_length() -> None:
    GlossaryEntryFactory(acronym="R&D", slug="rd")
    GlossaryEntryFactory(acronym="CAP")
    GlossaryEntryFactory(acronym="CAP emploi", slug="cap-emploi")
    glossary = read_glossary("1")
    assert link_acronyms("R&amp;D", glossary=glossary) == '<a href="/glossaire/#rd">R&amp;D</a>'
    assert link_acronyms("CAP emploi", glossary=glossary) == '<a href="/glossaire/#cap-emploi">CAP emploi</a>'


@pytest.mark.django_db
def test_an_empty_glossary_links_nothing() -> None:
    assert link_acronyms("BPI", glossary=read_glossary("1")) == "BPI"


def render(text: str) -> str:
    return Template("{% load glossary %}{{ text|glossary }}").render(Context({"text": text}))


@pytest.mark.django_db
def test_the_filter_escapes_what_is_not_safe() -> None:
    GlossaryEntryFactory()
    assert render("<b>BPI</b>") == '&lt;b&gt;<a href="/glossaire/#bpi">BPI</a>&lt;/b&gt;'
    assert render(mark_safe("<b>BPI</b>")) == '<b><a href="/glossaire/#bpi">BPI</a></b>'
    assert render("") == ""


@pytest.mark.django_db
def test_a_change_is_seen_by_every_process(
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        entry = GlossaryEntryFactory()
    assert "<a " in render("BPI")
    other_process = current_glossary().token
    with django_capture_on_commit_callbacks(execute=True):
        entry.delete()
    assert render("BPI") == "BPI"
    assert current_glossary().token != other_process


@pytest.mark.django_db
def test_a_lost_cache_makes_it_read_anew() -> None:
    GlossaryEntryFactory()
    render("BPI")
    GlossaryEntryFactory(acronym="SPE")
    cache.clear()
    assert "#spe" in render("SPE")


@pytest.mark.django_db
def test_one_look_into_the_cache_per_request(client: Client) -> None:
    """Each entry's definition goes through the filter: three cost what one costs."""
    counts = []
    for acronyms in (["BPI"], ["SPE", "PIC"]):
        for acronym in acronyms:
            GlossaryEntryFactory(acronym=acronym, definition="Avec le SPE.")
        cache.clear()
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("taxonomy:glossary")).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.django_db
def test_the_page_shows_entries_by_letter(client: Client) -> None:
    GlossaryEntryFactory(acronym="SPE", definition="Réunit des BPI & le SPE.")
    GlossaryEntryFactory(definition="<script>alert(1)</script>")
    page = client.get(reverse("taxonomy:glossary")).content.decode()
    assert page.index('id="lettre-b"') < page.index('id="bpi"') < page.index('id="lettre-s"') < page.index('id="spe"')
    assert 'Réunit des <a href="/glossaire/#bpi">BPI</a> &amp; le SPE.' in page
    assert "<script>alert" not in page
    assert 'href="#lettre-s"' in page


@pytest.mark.django_db
def test_the_empty_page_answers(client: Client) -> None:
    assert client.get(reverse("taxonomy:glossary")).status_code == 200
