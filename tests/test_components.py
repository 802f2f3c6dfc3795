"""The components of both themes: complete, as documented, accessible, light, legal under the CSP."""

import gzip
import re
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.contrib.staticfiles import finders
from django.core.paginator import Paginator
from django.utils.safestring import mark_safe

from portal.core.maps import department_map
from portal.core.templatetags.ui_parts import ILLUSTRATIONS
from portal.settings.variables import BASE_DIR
from tests.support.markup import THEMES, Markup, render

PORTAL = BASE_DIR / "portal"
STATIC = PORTAL / "static"
APPS = ("portal", "agenda", "project_sheets", "forum", "directory", "search")


class EveryField(forms.Form):
    """One field of every kind that the components lay out."""

    title = forms.CharField(label="Titre", help_text="Aide du titre")
    theme = forms.ChoiceField(choices=[("", "–"), ("l", "Logement")])
    themes = forms.MultipleChoiceField(choices=[("l", "Logement")])
    audiences = forms.MultipleChoiceField(
        choices=[("r", "Réfugiés")], widget=forms.CheckboxSelectMultiple, help_text="Aide des publics"
    )
    stage = forms.ChoiceField(choices=[("a", "En cours"), ("b", "Terminé")], widget=forms.RadioSelect)
    start = forms.DateField(widget=forms.SelectDateWidget)
    when = forms.SplitDateTimeField(widget=forms.SplitDateTimeWidget)
    summary = forms.CharField(widget=forms.Textarea)
    attachment = forms.FileField(help_text="Aide du fichier")
    charter = forms.BooleanField(help_text="Aide de la charte")


_link = {"label": "Étiquette", "url": "/lien/"}
_fact = {"label": "Porteur", "value": "Défis emploi"}
_option = {"value": "l", "label": "Logement", "count": 12, "selected": True}
_summary = {
    "title": "ADVENTUS", "url": "/fiche/", "kicker": "Vague 1", "summary": "Un parcours", "facts": [_fact],
    "badges": [{"label": "En cours", "kind": "success"}], "illustration": "emploi", "level": 4,
}  # fmt: skip

# Every documented parameter of every component, with a value whose text must show in the markup.
SAMPLES: dict[str, dict[str, Any]] = {
    "breadcrumb": {"trail": [_link, {"label": "Fiche"}]},
    "page_header": {"title": "Titre", "kicker": "Appel", "lead": "Chapeau", "badges": [{"label": "Neuf"}]},
    "hero": {"title": "Titre", "lead": "Chapeau", "illustration": "communaute"},
    "section": {"title": "Titre", "id": "ancre", "intro": "Entrée", "more_url": "/suite/", "more_label": "Suite"},
    "grid": {"columns": 2},
    "card": {**_summary, "picture": ""},
    "result": {**_summary, "picture": ""},
    "facet_form": {"action": "/liste/", "label": "Filtrer", "kept": [{"name": "tri", "value": "recents"}]},
    "facet": {"name": "theme", "label": "Thème", "options": [_option, {**_option, "value": "e"}], "open": False},
    "text_filter": {"name": "q", "label": "Mots", "value": "séjour", "maxlength": 200},
    "choice": {"name": "tri", "label": "Trier", "options": [{"value": "t", "label": "Titre", "selected": True}]},
    "chips": {"chips": [_link], "reset_url": "/tout/"},
    "list_header": {"count_label": "12 projets"},
    "sort_links": {"label": "Trier par", "links": [{**_link, "current": True}]},
    "pick": {
        "name": "f", "value": "bretagne.kodiko", "label": "Comparer", "of": "Kodiko", "form": "comparer",
        "checked": True,
    },
    "pagination": {"page": Paginator(range(90), 10).page(4)},
    "badge": {"label": "Publiée", "kind": "success"},
    "tag": {"label": "Santé", "url": "/themes/sante/"},
    "tag_list": {"tags": [_link], "label": "Thèmes"},
    "key_facts": {"facts": [_fact]},
    "stat": {"value": "54,7 %", "label": "part de l’État", "note": "sur le total", "url": "/bilan/"},
    "stats": {},
    "notice": {"kind": "warning", "title": "À vérifier"},
    "button": {
        "label": "Publier", "url": "", "type": "submit", "name": "acte", "value": "publier", "kind": "secondary",
        "icon": "edit",
    },
    "button_row": {},
    "form": {
        "form": EveryField({}), "action": "/ici/", "method": "post", "submit_label": "Envoyer", "multipart": True,
    },
    "field": {"field": EveryField()["title"]},
    "search_form": {"action": "/recherche/", "value": "FLE", "label": "Chercher", "large": True},
    "table": {"caption": "Financement", "caption_hidden": True, "wide": True},
    "matrix": {
        "caption": "Préférences", "caption_hidden": True, "corner": "Sujet", "columns": ["Site", "Courriel"],
        "rows": [{"label": "Une réponse", "fields": [EveryField()["charter"], EveryField()["theme"]]}],
    },
    "figure": {"title": "Qui paie quoi", "note": "en euros"},
    "department_map": {
        "map": department_map({"35": 3, "971": 1, "75": 9}, title="Carte", url_for=lambda code: f"/?dep={code}"),
        "level": 2,
    },
    "disclosure": {"summary": "En savoir plus", "open": True},
    "file_link": {"title": "Bilan", "url": "/bilan.pdf", "format": "PDF", "size": "0,50 Mo", "note": "Publié en 2020"},
    "files": {},
    "timeline": {"events": [{"date": "12 mars", "iso": "2026-03-12", "title": "Accueil", "text": "Premier jour"}]},
    "empty_state": {"title": "Rien ici", "text": "Posez une question", "illustration": "forum"},
    "side_nav": {"label": "Mon espace", "links": [{**_link, "current": True}], "folds": True},
    "side": {},
    "split": {"side": "Colonne", "position": "end"},
    "prose": {},
    "quote": {"author": "Une conseillère"},
    "icon": {"name": "search", "label": "Chercher"},
    "illustration": {"name": "logement"},
    "tabs": {"label": "Annuaire", "links": [{**_link, "current": True}]},
    "avatar": {"photo_url": "", "initials": "AB", "large": True},
    "person": {
        "name": "Référente", "url": "/membre/", "job_title": "Coordinatrice", "photo_url": "",
        "initials": "RE", "facts": [_fact], "level": 4,
    },
    "person_header": {
        "name": "Référente", "job_title": "Coordinatrice", "photo_url": "", "initials": "RE", "level": 2,
    },
    "checklist": {
        "tasks": [
            {"label": "Se présenter", "url": "/mon-espace/mon-profil/", "why": "Les autres savent.", "is_done": False},
            {"label": "Se protéger", "url": "/mon-espace/securite/", "why": "Personne n’entre.", "is_done": True},
        ],
        "label": "1/2 faites", "done": 1, "total": 2, "done_label": "fait", "to_do_label": "à faire",
    },
    "stepper": {"steps": ["Publics", "Territoire"], "current": 1},
    "steps": {"steps": [{"title": "Présentez", "text": "Une fiche claire"}]},
    "lock_banner": {"title": "Réservé aux membres"},
    "step_links": {
        "steps": [{**_link, "note": "1 à compléter", "current": True, "done": False}], "overview": True,
    },
    "form_rows": {
        "prefix": "actions", "total": 3, "help_text": "Une ligne par action", "add_label": "Ajouter", "focused": True,
    },
    "form_row": {
        "title": "Action 2", "id": "actions-1", "prefix": "actions", "index": 1, "first": False, "nested": True,
    },
    "upload_box": {"title": "Ajouter un document"},
    "save_bar": {"status": "Brouillon enregistré à 14:32"},
    "live_figures": {"figures": [{"label": "Part de l’État", "name": "state", "value": "79,7 %"}]},
    "meter": {"value": 64, "label": "complète", "note": "Deux points manquent"},
    "changes": {
        "changes": [
            {"step": "Identité", "label": "Résumé", "parts": [{"change": "del", "text": "avant"}]},
            {"step": "Publics", "label": "Actions", "removed": ["L’une"], "added": ["L’autre"], "is_reordered": False},
        ],
    },
    "discussion_list": {},
    "discussion_row": {
        "row": {
            "title": "Interprétariat", "url": "/forum/sante/2-x/", "meta": "Santé", "answers": "3",
            "answers_label": "réponses", "last": "Dernière réponse", "last_url": "/forum/messages/4/",
            "badges": (("Résolue", "success"),), "is_unread": True, "is_waiting": True,
        },
        "level": 2,
    },
    "message": {
        "card": {
            "pk": 12, "number": 3, "html": mark_safe("<p>Voici comment.</p>"), "day": "12 mars 2026 à 9 h 30",
            "author": {"name": "Référente", "url": "/membre/", "job_title": "Coordinatrice", "initials": "RE"},
            "iso": "2026-03-12T09:30", "url": "/forum/messages/12/", "is_question": True, "is_helpful": True,
            "on_behalf": "Défis emploi", "useful": "Utile à 2 personnes", "edited": "Modifié", "history_url": "/h/",
            "notice": "Attend la modération", "moderators_note": "Écrit par",
            "acts": [{"label": "Utile", "url": "/utile/", "icon": "check", "is_post": True, "pressed": "true"}],
            "files": [{"title": "bilan.pdf", "url": "/pj/", "format": "PDF", "size": "12 ko"}],
            "links": [{"title": "ADVENTUS", "url": "/projets/a/", "kind_label": "Projet", "summary": "Un parcours"}],
        },
        "level": 2,
    },
    "poll_results": {"question": "Où loger ?", "options": [{"text": "Internat", "total": 3, "share": 75}]},
    "space_row": {
        "row": {
            "name": "Santé", "url": "/forum/sante/", "description": "Accéder aux soins", "level": 1,
            "count": "2 discussions", "latest": "Interprétariat", "latest_url": "/forum/messages/4/",
            "latest_on": "12 mars 2026", "badge": "Réservé",
        },
        "level": 2,
    },
    "dates": {},
    "dated": {
        "title": "Session Lab", "url": "/agenda/session-lab/", "day": "12", "weekday": "jeu.", "month": "mars 2026",
        "kicker": "Atelier", "summary": "Une matinée", "facts": [_fact], "badges": [{"label": "Complet"}], "level": 4,
    },
    "calendar": {
        "caption": "Mars 2026", "caption_hidden": True, "weekdays": ["lundi", "mardi"],
        "weeks": [[{
            "number": "12", "iso": "2026-03-12", "spoken": "jeudi 12 mars", "is_outside": False, "is_today": True,
            "entries": [{"label": "9 h Session Lab", "url": "/agenda/session-lab/", "is_off": True}],
            "more": 3, "more_url": "/agenda/?jour=2026-03-12",
        }]],
    },
    "calendar_nav": {
        "label": "Mois", "heading": "mars 2026", "previous": _link, "following": _link, "today_url": "/agenda/mois/",
    },
}  # fmt: skip
# Values that choose a look or a state: they need not appear as text.
CHOICES = {
    "columns",
    "level",
    "open",
    "large",
    "multipart",
    "method",
    "position",
    "caption_hidden",
    "wide",
    "checked",
    "current",
    "focused",
}


def component(theme: str, name: str, /, **values: Any) -> str:
    """Render one component with the markup that a block would enclose."""
    return render(theme, f"components/{name}.html", {"content": mark_safe("<p>Contenu</p>"), **values})


def documented() -> dict[str, tuple[bool, set[str]]]:
    """Read the table of the guide: name → (is it a block, its parameters)."""
    table = (BASE_DIR / "docs" / "guide" / "components.md").read_text().split("\n## ")[0]
    rows = re.findall(r"^\| ([a-z_]+) \| (yes)? ?\|(.*)\|$", table, flags=re.MULTILINE)
    return {
        name: (bool(block), set(re.findall(r"`([a-z_]+)`", parameters)))
        for name, block, parameters in rows
        if name != "component"
    }


@pytest.mark.parametrize("theme", THEMES)
def test_the_guide_lists_exactly_the_components(theme: str) -> None:
    own, shared = (
        {file.stem for file in (PORTAL / "themes" / folder / "components").glob("[!_]*.html")}
        for folder in (theme, "shared")
    )
    assert own | shared == set(documented())
    assert not own & shared, "a shared component that a theme draws too"


def test_the_samples_give_exactly_the_documented_parameters() -> None:
    assert {name: set(values) for name, values in SAMPLES.items()} == {
        name: parameters for name, (_, parameters) in documented().items()
    }


def _texts(value: Any, name: str) -> list[str]:
    if isinstance(value, list):
        return [text for entry in value for text in _texts(entry, name)]
    if isinstance(value, dict):
        return [text for key, entry in value.items() for text in _texts(entry, key)]
    return [str(value)] if isinstance(value, str | int) and value != "" and name not in CHOICES else []


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_component_shows_what_it_is_given(theme: str, name: str) -> None:
    html = component(theme, name, **SAMPLES[name])
    is_block, parameters = documented()[name]
    Markup(html)
    for parameter in parameters - CHOICES:
        for text in _texts(SAMPLES[name][parameter], parameter):
            assert text in html or text in {"True", "False"}, f"{parameter}: {text!r} does not show"
    if is_block:
        assert "<p>Contenu</p>" in html


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("card", {"title": "Kodiko", "url": "/k/"}), ("section", {"title": "Titre"}), ("badge", {"label": "Neuf"}),
        ("button", {"label": "Voir", "url": "/v/"}), ("stat", {"value": "57", "label": "projets"}),
        ("facet", {"name": "t", "label": "Thème", "options": [{"value": "l", "label": "Logement"}]}),
        ("notice", {}), ("split", {}), ("form", {}), ("page_header", {"title": "Titre"}), ("tag", {"label": "Santé"}),
        ("text_filter", {"name": "q", "label": "Mots"}), ("search_form", {"action": "/r/"}), ("steps", {"steps": []}),
    ],
)  # fmt: skip
def test_optional_parameters_leave_no_trace(theme: str, name: str, values: dict[str, Any]) -> None:
    html = component(theme, name, **values)
    assert "None" not in html
    assert not re.search(r'(href|src|id|for|name)=""', html)
    Markup(html)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("level", [2, 4])
def test_a_card_takes_the_heading_level_of_its_page(theme: str, level: int) -> None:
    elements = Markup(component(theme, "card", **{**_summary, "level": level})).elements
    headings = [tag for tag, _ in elements if re.fullmatch(r"h\d", tag)]
    assert headings == [f"h{level}"]


@pytest.mark.parametrize("theme", THEMES)
def test_a_facet_with_a_chosen_option_is_open(theme: str) -> None:
    chosen, other = {**_option}, {**_option, "selected": False}
    for options, is_open in (([other, chosen, chosen], True), ([other], False)):
        elements = dict(Markup(component(theme, "facet", name="t", label="T", options=options)).elements)
        assert ("open" in elements["details"]) is is_open


@pytest.mark.parametrize("theme", THEMES)
def test_pagination_keeps_the_other_parameters(theme: str) -> None:
    markup = Markup(component(theme, "pagination", page=Paginator(range(90), 10).page(4)))
    links = markup.values("href")
    assert "?theme=l&page=1" in links
    assert {"?theme=l&page=3", "?theme=l&page=5", "?theme=l&page=9"} <= set(links)
    assert not any(link.endswith("page=4") for link in links)
    assert markup.values("aria-current") == ["page"]
    assert not component(theme, "pagination", page=Paginator(range(5), 10).page(1)).strip()


@pytest.mark.parametrize("theme", THEMES)
def test_a_form_in_error_is_wired(theme: str) -> None:
    form = EveryField({"title": ""})
    markup = Markup(component(theme, "form", form=form, content=""))
    ids = markup.values("id")
    assert len(ids) == len(set(ids))
    described = {target for value in markup.values("aria-describedby") for target in value.split()}
    assert {f"id_{name}_error" for name in form.fields} <= described
    assert described <= set(ids)
    links = [href for href in markup.values("href") if href.startswith("#")]
    assert len(links) == len(form.fields)
    controls = {a["id"] for tag, a in markup.elements if tag in {"input", "select", "textarea"} and "id" in a}
    assert {link[1:] for link in links} <= controls
    assert set(markup.values("for")) <= set(ids)
    assert markup.values("enctype") == ["multipart/form-data"]
    assert markup.values("name").count("csrfmiddlewaretoken") == 1


def _templates() -> list[Path]:
    paths = [path for app in APPS for path in (BASE_DIR / app).rglob("*.html")]
    return [path for path in paths if "templates/wagtailadmin" not in str(path)]


FORBIDDEN = r"""<style|<script(?![^>]*\bsrc=)|\sstyle\s*=|\son[a-z]+\s*=\s*["']|javascript:|href="#?\""""


def test_public_templates_obey_the_content_security_policy() -> None:
    forbidden = re.compile(FORBIDDEN, re.IGNORECASE)
    paths = [path for path in _templates() if "/layout/mail" not in str(path) and "/pdf" not in str(path)]
    offences = {str(path): found.group() for path in paths if (found := forbidden.search(path.read_text()))}
    assert len(paths) > 2 * len(SAMPLES)
    assert offences == {}


def _symbols(sprite: str) -> set[str]:
    return set(re.findall(r'<symbol id="([a-z0-9-]+)"', (STATIC / "img" / f"{sprite}.svg").read_text()))


def test_every_drawing_that_a_template_names_exists() -> None:
    assert _symbols("illustrations") - {"cercle"} == ILLUSTRATIONS
    sources = "".join(path.read_text() for path in _templates())
    icons = set(re.findall(r'ui "icon" name="([^"]+)"', sources)) | set(re.findall(r'\bicon="([^"]+)"', sources))
    assert {"search", "lock"} <= icons <= _symbols("icons")
    assert set(re.findall(r'\billustration="([^"]+)"', sources)) <= ILLUSTRATIONS
    guide = (BASE_DIR / "docs" / "guide" / "components.md").read_text()
    assert all(re.search(rf"\b{name}\b", guide) for name in _symbols("icons") | ILLUSTRATIONS)


@pytest.mark.parametrize("theme", THEMES)
def test_an_unknown_illustration_leaves_no_hole(theme: str) -> None:
    assert Markup(component(theme, "illustration", name="inconnue")).values("href")[0].endswith("#default")


def test_static_files_that_templates_and_styles_name_exist() -> None:
    named = {name for path in _templates() for name in re.findall(r'{% static "([^"]+)" %}', path.read_text())}
    assert {"neutral/portal.css", "state/portal.css", "dsfr/dist/dsfr.main.min.css"} <= named
    assert [name for name in named if not finders.find(name)] == []
    for sheet in STATIC.rglob("*.css"):
        for target in re.findall(r'url\("?([^"#)]+)"?\)', sheet.read_text()):
            assert (sheet.parent / target).is_file(), f"{sheet.name}: {target}"


def _tokens(scheme: str) -> dict[str, str]:
    css = (STATIC / "neutral" / "portal.css").read_text()
    light, dark = css.split("@media (prefers-color-scheme: dark)", 1)
    found = dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6});", light))
    return found if scheme == "light" else found | dict(re.findall(r"--([a-z0-9-]+): (#[0-9a-f]{6});", dark))


def _luminance(colour: str) -> float:
    """Relative luminance of an sRGB colour (WCAG 2.2)."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


GROUNDS = ("ground", "tint", "surface")
TINTS = ("info-tint", "success-tint", "warning-tint", "error-tint", "accent-tint", "action-tint")
TEXT_PAIRS = [
    *((text, ground) for text in ("ink", "ink-soft", "action", "action-hover", "error") for ground in GROUNDS),
    *((text, ground) for text in ("ink", "action", "action-hover") for ground in TINTS),
    *((kind, f"{kind}-tint") for kind in ("info", "success", "warning", "error")),
    ("on-action", "action"), ("on-action", "action-hover"), ("on-accent", "accent"),
]  # fmt: skip
SHAPE_PAIRS = [
    *(("line-strong", ground) for ground in GROUNDS),
    *((f"chart-{n}", "surface") for n in range(1, 6)),
    ("chart-1", "chart-track"),
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("pairs", "least"), [(TEXT_PAIRS, 4.5), (SHAPE_PAIRS, 3.0)])
def test_contrast_of_the_neutral_theme(scheme: str, pairs: list[tuple[str, str]], least: float) -> None:
    tokens = _tokens(scheme)
    weak = {pair: round(ratio, 2) for pair in pairs if (ratio := _contrast(tokens[pair[0]], tokens[pair[1]])) < least}
    assert weak == {}


def test_first_visit_of_the_neutral_theme_is_light() -> None:
    """At most 10 requests and 100 kB: this leaves 40 kB and one request to the page itself."""
    names = [*re.findall(r'{% static "([^"]+)" %}', (PORTAL / "themes/neutral/layout/assets.html").read_text())]
    names += ["img/icons.svg", "img/illustrations.svg"]
    files = [STATIC / name for name in names]
    sent = sum(f.stat().st_size if f.suffix == ".woff2" else len(gzip.compress(f.read_bytes())) for f in files)
    assert len(names) <= 9
    assert sent < 60_000
    assert (STATIC / "fonts" / "figtree.woff2").stat().st_size <= 35_000
