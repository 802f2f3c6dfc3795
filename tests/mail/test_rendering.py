"""What a message looks like: subject, text, the same in HTML, in both themes."""

from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.checks import Error
from django.core.exceptions import ImproperlyConfigured
from django.template import engines
from django.utils import translation

from portal.mail import kinds
from portal.mail.checks import check_mail_kinds
from portal.mail.kinds import SUBJECT_LENGTH, declare, mail_kinds
from portal.mail.rendering import blocks_of, one_line, preview_mail, render_mail, subject_of
from portal.mail.templatetags.mail_text import quoted

URL = "https://portail.example/page/?a=1&b=2"


def render(kind: str = "tests.step", **changes):
    values = {"context": {"name": "Camille", "title": "l’emploi & <b>vous</b>"}, "url": URL}
    return render_mail(mail_kinds.get(kind), **values | changes)


def test_the_text_says_everything_once_and_unescaped() -> None:
    text = render().text
    assert "l'équipe a lu « l’emploi & <b>vous</b> » :" in text
    assert "- un second & dernier point." in text
    assert text.count(URL) == 1
    assert "Vous essayez." in text
    assert "\n-- \n" in text
    assert "&amp;" not in text
    assert "\n\n\n" not in text


def test_the_html_says_the_same_and_escapes_it() -> None:
    html = render().html
    assert '<html lang="fr"' in html
    assert "l’emploi &amp; &lt;b&gt;vous&lt;/b&gt;" in html
    assert "<b>vous" not in html
    assert ">un premier point ;</li>" in html
    assert ">une phrase citée</blockquote>" in html
    assert html.count('href="https://portail.example/page/?a=1&amp;b=2"') == 2, "the button, and the address in clear"


@pytest.mark.parametrize("theme", ["neutral", "state"])
def test_a_theme_lays_it_out_without_any_request(theme: str, settings) -> None:
    folder = Path(django_settings.BASE_DIR) / "portal" / "themes" / theme
    [template_settings] = settings.TEMPLATES
    settings.TEMPLATES = [{**template_settings, "DIRS": [folder, *template_settings["DIRS"][1:]]}]
    html = render("tests.news", unsubscribe_url="https://portail.example/stop/").html
    for request in ("<img", "<script", "<link", "url(", "src=", "@import"):
        assert request not in html
    assert ("République<br>française" in html) is (theme == "state")
    assert 'role="presentation"' in html
    assert "prefers-color-scheme: dark" in html
    assert 'href="https://portail.example/stop/"' in html
    assert html.count("<h1") == 1
    for part in ("Bonjour Camille,", "Lire", "Vous suivez l’emploi"):
        assert part in html


def test_a_message_without_action_has_no_button() -> None:
    assert 'mail-button"' not in render("tests.bare", url="").html
    assert "http" not in render("tests.bare", url="").text.split("\n-- \n")[0]


@pytest.mark.parametrize(("kind", "url"), [("tests.bare", URL), ("tests.step", "")])
def test_a_button_and_its_address_come_together(kind: str, url: str) -> None:
    with pytest.raises(ImproperlyConfigured):
        render(kind, url=url)


def test_a_message_is_french_whoever_asks() -> None:
    with translation.override("en"):
        assert render().html == render().html
        with translation.override("fr"):
            expected = render().text
        assert render().text == expected


@pytest.mark.parametrize(
    ("template", "context", "expected"),
    [
        ("Fixe à 100 %", {}, "Fixe à 100 %"),
        ("De %(who)s", {"who": "a\r\nBcc: tous@example.fr"}, "De a Bcc: tous@example.fr"),
        ("De %(who)s", {"who": "a\u2028b\x00c\x0bd\u202ee"}, "De a b c d e"),
        ("De %(who)s", {"who": "  x  "}, "De x"),
        ("%(who)s", {"who": "é" * 60}, "é" * 60),
        ("%(who)s", {"who": "é" * 61}, "é" * 59 + "…"),
    ],
)
def test_a_subject_is_one_short_line(template: str, context: dict[str, str], expected: str) -> None:
    assert " ".join(subject_of(template, context).split(" ")) == expected


def test_a_long_subject_is_cut_between_words() -> None:
    subject = subject_of(
        "Réponse à %(title)s", {"title": "votre question sur les titres de séjour, en Bretagne et ailleurs"}
    )
    assert len(subject) <= SUBJECT_LENGTH
    assert subject == "Réponse à votre question sur les titres de séjour, en…"


def test_no_sign_of_a_header_survives() -> None:
    assert "\n" not in one_line("a\nb\r\x85\u2029c")


def test_blocks_follow_the_text() -> None:
    assert [(block.kind, block.lines) for block in blocks_of("a\nb\n- c\n- d\n\n> e\n>\n> f\n\ng - h")] == [
        ("paragraph", ("a", "b")),
        ("list", ("c", "d")),
        ("quote", ("e", "", "f")),
        ("paragraph", ("g - h",)),
    ]


@pytest.mark.parametrize("name", ["sansapp", "Avec.Majuscule", "a.b.c", "a.b c", ""])
def test_a_malformed_name_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"app\.message"):
        declare(name, subject="s", reason="r", sample=dict)


def test_a_name_is_declared_once_and_its_category_exists() -> None:
    with pytest.raises(ValueError, match="twice"):
        declare("tests.step", subject="s", reason="r", sample=dict)
    with pytest.raises(ValueError, match="publicity"):
        declare("tests.other", subject="s", reason="r", sample=dict, category="publicity")


def test_the_check_finds_long_subjects_and_missing_templates() -> None:
    declare("tests.long", subject="x" * 61, reason="r", sample=dict)
    declare("tests.filled", subject="x" * 61 + "%(a)s", reason="r", sample=lambda: {"a": "b"})
    kinds.mail_kinds._entries = {
        name: kind for name, kind in kinds.mail_kinds.items() if name in {"tests.step", "tests.long", "tests.filled"}
    }
    problems = check_mail_kinds()
    assert [(problem.id, problem.level) for problem in problems] == [
        ("mail.E001", Error("").level),
        ("mail.E002", Error("").level),
        ("mail.E002", Error("").level),
    ]
    assert "tests.long" in problems[0].msg


@pytest.mark.parametrize("name", [name for name, _kind in mail_kinds.items()])
def test_every_declared_message_can_be_read(name: str) -> None:
    kind = mail_kinds.get(name)
    rendered = preview_mail(kind)
    with translation.override("fr"):
        assert 5 <= len(rendered.subject) <= SUBJECT_LENGTH
        assert "%(" in str(kind.subject) or len(str(kind.subject)) <= SUBJECT_LENGTH
    assert len(rendered.text.split("\n-- \n")[0]) > 40, "a body that says something"
    for unfilled in ("{{", "{%", "%(", "None"):
        assert unfilled not in rendered.text
    assert engines["django"].engine.get_template(kind.template_name)


def test_what_people_type_stays_inside_its_quotation() -> None:
    typed = "Première ligne\n\n- un titre <https://portail.example/>\nLe portail vous annonce"
    (block,) = blocks_of(quoted(typed))
    assert block.kind == "quote"
    assert not [line for line in block.lines if line.url]
