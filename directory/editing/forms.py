"""The form of an organisation's page, as those who write it fill it in."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from directory.editing.services import OrganisationChange, OtherName
from directory.enums import LegalCategory
from directory.models import FormerName, Network, Organisation
from directory.naming import OrganisationNameField
from directory.phones import clean_public_phone, format_public_phone
from directory.selectors import may_arrange, region_id_around
from directory.siret import clean_siret, format_siret
from portal.accounts.models import User
from portal.core.validators import validate_printable_line, validate_printable_text
from portal.taxonomy.forms import AreasField
from portal.taxonomy.models import Audience, Territory, Theme
from portal.taxonomy.selectors import communes_matching

LONGEST_NAME = 150
MOST_NAMES = 10
#: « Pôle emploi (2023) »: the year in which the name ended.
_WITH_YEAR = re.compile(r"(?P<name>.+?)\s*\((?:jusqu.en\s+)?(?P<year>\d{4})\)", re.IGNORECASE)


def place_words(place: Territory | None) -> str:
    """Return how a seat is typed: its name, and a postal code where it is a municipality."""
    if place is None:
        return ""
    if place.level == Territory.Level.COMMUNE and place.postal_codes:
        return f"{place.name} {place.postal_codes[0]}"
    return str(place)


class NamesField(forms.CharField):
    """Names, one a line, each perhaps with the year in which it ended."""

    widget = forms.Textarea(attrs={"rows": 3})

    def __init__(self, *, kind: str, **options: Any) -> None:
        self.kind = kind
        super().__init__(required=False, max_length=2_000, validators=[validate_printable_text], **options)

    def clean(self, value: Any) -> list[OtherName]:
        """Return the names; raises ValidationError for one that is too long or too short."""
        lines = [" ".join(line.split()) for line in super().clean(value).splitlines()]
        names = [self._read(line) for line in dict.fromkeys(filter(None, lines))]
        if len(names) > MOST_NAMES:
            raise ValidationError(_("%(most)d names at most."), params={"most": MOST_NAMES})
        return names

    def _read(self, line: str) -> OtherName:
        found = _WITH_YEAR.fullmatch(line)
        name, year = (found["name"], int(found["year"])) if found else (line, None)
        if not 2 <= len(name) <= LONGEST_NAME:
            raise ValidationError(_("A name has 2 to 150 signs: %(name)s"), params={"name": name[:40]})
        if year is not None and not 1800 <= year <= date.today().year:  # noqa: DTZ011 -- a year is a year
            raise ValidationError(_("This year cannot be right: %(year)d"), params={"year": year})
        return OtherName(name, self.kind, date(year, 12, 31) if year else None)


def names_as_lines(names: Iterable[FormerName], kind: str) -> str:
    """Return the names of one kind as the form holds them."""
    lines = [f"{one.name} ({one.until.year})" if one.until else one.name for one in names if one.kind == kind]
    return "\n".join(lines)


class SiretField(forms.CharField):
    """A SIRET, typed with or without blanks; None where it is blank."""

    def clean(self, value: Any) -> str | None:
        """Return fourteen digits or None; raises ValidationError for what is no SIRET."""
        return clean_siret(super().clean(value))

    def prepare_value(self, value: Any) -> str:
        """Show it in groups, as it is printed."""
        return format_siret(value) if isinstance(value, str) and re.fullmatch(r"\d{14}", value) else value or ""


class OrganisationPageForm(forms.ModelForm):
    """All that an organisation says of itself.

    ``regions`` are those in which it must stand, as in an import; None where it may be anywhere.
    ``arranged_by`` is whoever may say of what it is a part, and which are its branches; None without this right.
    """

    siret = SiretField(
        label=_("SIRET"),
        required=False,
        max_length=30,
        help_text=_("Fourteen digits, as on your invoices. Leave empty if you do not have it at hand."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    phone = forms.CharField(
        label=_("Telephone"),
        required=False,
        max_length=30,
        help_text=_("Shown on the page. Example: 02 96 00 00 00, or 3949."),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    website = forms.URLField(
        label=_("Website"),
        required=False,
        max_length=200,
        assume_scheme="https",
        help_text=_("Example: https://www.example.fr"),
        widget=forms.URLInput(attrs={"autocomplete": "url"}),
    )
    place = forms.CharField(
        label=_("Municipality of the seat"),
        required=False,
        max_length=120,
        validators=[validate_printable_line],
        help_text=_("Name and postal code. Example: Brest 29200"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    territories = AreasField(
        label=_("Territories of action"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Where you act, even where you have no office."),
    )
    former_names = NamesField(
        kind=FormerName.Kind.FORMER,
        label=_("Former names"),
        help_text=_("One a line, with the year in which it ended: Pôle emploi (2023). People still search for them."),
    )
    usual_names = NamesField(
        kind=FormerName.Kind.USUAL, label=_("Usual names"), help_text=_("Other names by which people know you.")
    )

    parent = OrganisationNameField(
        label=_("Part of"),
        required=False,
        validators=[validate_printable_line],
        help_text=_("The organisation of which this one is a branch or an antenna. Empty: it stands by itself."),
    )
    branches = forms.ModelMultipleChoiceField(
        label=_("Its branches"),
        queryset=Organisation.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("One that is no longer ticked stands by itself from now on."),
    )
    new_branch = OrganisationNameField(
        label=_("Add a branch"),
        required=False,
        validators=[validate_printable_line],
        help_text=_("An organisation of the directory whose page you may write; one at a time."),
    )

    GROUPS = (
        ("identite", _("Who you are"), ("name", "acronym", "acronym_expansion", "kind", "legal_category", "siret")),
        ("noms", _("Other names"), ("former_names", "usual_names")),
        ("presentation", _("What you do"), ("description", "website", "themes", "audiences", "networks")),
        ("lieu", _("Where"), ("place", "street", "postal_code", "territories")),
        ("liens", _("Above and below"), ("parent", "branches", "new_branch")),
        ("contact", _("How you are reached"), ("phone", "phone_extension", "relay_email")),
    )

    class Meta:
        model = Organisation
        fields = (
            *("name", "acronym", "acronym_expansion", "kind", "legal_category", "siret", "description", "website"),
            *("themes", "audiences", "networks", "street", "postal_code", "territories"),
            *("phone", "phone_extension", "relay_email"),
        )
        labels = {
            "name": _("Name"),
            "acronym": _("Acronym"),
            "acronym_expansion": _("What the acronym means"),
            "kind": _("Kind of organisation"),
            "legal_category": _("Legal category"),
            "description": _("Presentation"),
            "themes": _("Themes"),
            "audiences": _("Audiences"),
            "networks": _("Networks"),
            "street": _("Number and street"),
            "postal_code": _("Postal code"),
            "phone_extension": _("Extension"),
            "relay_email": _("Address that receives messages"),
        }
        help_texts = {
            "description": _("What you do, for whom and how. **Bold**, lists (- ) and links are possible."),
            "relay_email": _(
                "Shown to nobody: the portal forwards the messages of its form. Without one, they go to the managers."
            ),
        }
        widgets = {
            "themes": forms.CheckboxSelectMultiple,
            "audiences": forms.CheckboxSelectMultiple,
            "networks": forms.CheckboxSelectMultiple,
            "description": forms.Textarea(attrs={"rows": 10}),
            "relay_email": forms.EmailInput(attrs={"autocomplete": "off"}),
            "postal_code": forms.TextInput(attrs={"inputmode": "numeric"}),
        }

    def __init__(
        self, *args: Any, regions: frozenset[int] | None = None, arranged_by: User | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._regions = regions
        self._arranged_by = arranged_by
        organisation = self.instance
        self.fields["place"].required = regions is not None and not organisation.pk
        for name in ("name", "acronym", "acronym_expansion", "street"):
            self.fields[name].validators.append(validate_printable_line)
        self.fields["description"].validators.append(validate_printable_text)
        self.fields["kind"].empty_label = _("Choose a kind")  # type: ignore[attr-defined]
        self.fields["legal_category"].choices = [("", _("Not stated")), *LegalCategory.choices]  # type: ignore[attr-defined]
        self._offer_words()
        self._offer_relatives()
        if organisation.pk:
            names = list(organisation.other_names.all())
            self.fields["territories"].offer_too(organisation.territories.all())  # type: ignore[attr-defined]
            self.initial |= {
                "place": place_words(organisation.seat),
                "phone": format_public_phone(organisation.phone).replace("\N{NO-BREAK SPACE}", " "),
                "former_names": names_as_lines(names, FormerName.Kind.FORMER),
                "usual_names": names_as_lines(names, FormerName.Kind.USUAL),
            }

    def _offer_words(self) -> None:
        words: dict[str, QuerySet[Any]] = {
            "themes": Theme.objects.all(),
            "audiences": Audience.objects.all(),
            "networks": Network.objects.all(),
        }
        for name, choices in words.items():
            self.fields[name].queryset = choices  # type: ignore[attr-defined]
            self.fields[name].help_text = ""

    def _offer_relatives(self) -> None:
        """Show the organisation above and those below, to whom may arrange them; one that is not listed is not told."""
        organisation, user = self.instance, self._arranged_by
        above = organisation.parent
        if user is None or (above is not None and not Organisation.objects.visible_to(user).filter(pk=above.pk)):
            del self.fields["parent"]
        else:
            self.fields["parent"].current = above  # type: ignore[attr-defined]
            self.initial["parent"] = above.name if above else ""
        below = (
            Organisation.objects.visible_to(user).filter(parent=organisation.pk) if user and organisation.pk else None
        )
        if below is None:
            del self.fields["new_branch"]
        if below is not None and self.is_bound:
            seen = self._branches_seen()
            below = below.filter(pk__in=[key for key in below.values_list("pk", flat=True) if str(key) in seen])
        if not below:
            del self.fields["branches"]
            return
        self.fields["branches"].queryset = below.order_by("search_text", "pk")  # type: ignore[attr-defined]
        self.initial["branches"] = [branch.pk for branch in below]

    def _branches_seen(self) -> set[str]:
        """Return the keys of the branches that its author had before their eyes, as they were posted.

        One that was set below since was not unticked by anybody: it stays, and an error does not show it unticked.
        """
        posted = self.fields["branches"].widget.value_from_datadict
        names = ("branches", "branches_shown")
        return {str(key) for name in names for key in posted(self.data, self.files, name) or ()}

    @property
    def branches_shown(self) -> list[str]:
        """The keys of the branches that the page shows; it posts them, so that one left out counts as unticked."""
        return [str(key) for key in self.initial["branches"]] if "branches" in self.fields else []

    @property
    def groups(self) -> list[dict[str, Any]]:
        """The fields in their groups, as the page shows them."""
        return [
            {"id": key, "title": title, "fields": shown}
            for key, title, names in self.GROUPS
            if (shown := [self._shown(name) for name in names if name in self.fields])
        ]

    def _shown(self, name: str) -> dict[str, Any]:
        field: BoundField = self[name]
        folds = name in {"territories", "networks", "audiences", "themes"}
        return {"field": field, "folds": folds, "chosen": len(field.value() or ()) if folds else 0}

    def clean_name(self) -> str:
        """Return the name on one line, without blanks at its ends or a final full stop."""
        name = " ".join(self.cleaned_data["name"].split())
        return name.removesuffix(".") if not name.endswith("etc.") else name

    def clean_phone(self) -> str:
        """Return the stored form of the number."""
        return clean_public_phone(self.cleaned_data["phone"])

    def clean_place(self) -> Territory | None:
        """Find the seat that was typed; what was not changed stays as it is."""
        typed = self.cleaned_data["place"]
        if typed == self.initial.get("place", ""):
            return self.instance.seat
        return self._place_named(typed) if typed else None

    @staticmethod
    def _place_named(typed: str) -> Territory:
        found = communes_matching(typed)
        if len(found) == 1:
            return found[0]
        if found:
            raise ValidationError(_("Several municipalities are called so: add the postal code."))
        raise ValidationError(_("Write the name and the postal code of a municipality. Example: Brest 29200"))

    def clean(self) -> dict[str, Any]:
        """An extension needs a number; the same name is not written twice; regions and branches are kept to."""
        cleaned = super().clean() or self.cleaned_data
        self._stay_in_regions(cleaned)
        self._check_relatives(cleaned)
        self._check_siret(cleaned.get("siret"), cleaned.get("parent", self.instance.parent))
        if cleaned.get("phone_extension") and not cleaned.get("phone") and "phone" not in self.errors:
            self.add_error("phone", _("Write the number to which this extension belongs."))
        former = {name.name.casefold() for name in cleaned.get("former_names") or ()}
        if any(name.name.casefold() in former for name in cleaned.get("usual_names") or ()):
            self.add_error("usual_names", _("This name stands among the former names already."))
        return cleaned

    def _stay_in_regions(self, cleaned: dict[str, Any]) -> None:
        """Refuse what would take the page out of the regions of whoever writes it: another team looks after those."""
        if self._regions is None or {"place", "territories"} & self.errors.keys():
            return
        place, was = cleaned["place"], self.instance.seat
        if region_id_around(place, cleaned["territories"]) in self._regions:
            return
        sentence = _("The seat must be in a region that you animate.")
        if self.instance.pk:
            sentence = _(
                "The page would leave the regions that you animate: its managers or an administrator can move it."
            )
        self.add_error("place" if place is not None or was is not None else "territories", sentence)

    def _check_relatives(self, cleaned: dict[str, Any]) -> None:
        """Refuse circles, and links to an organisation that others arrange."""
        own, parent, branch = self.instance, cleaned.get("parent"), cleaned.get("new_branch")
        user = self._arranged_by
        if parent is not None and own.pk and parent.stands_below(own):
            self.refuse_circle("parent")
        elif parent is not None and parent.pk != own.parent_id and (user is None or not may_arrange(user, parent)):
            self.add_error("parent", _("Those who manage this organisation take in its branches: ask them."))
        if branch is None:
            return
        if own.stands_below(branch) or (parent is not None and parent.stands_below(branch)):
            self.refuse_circle("new_branch")
        elif branch.parent_id not in {None, own.pk}:
            self.add_error("new_branch", _("This organisation is a part of another one already."))
        elif user is None or not may_arrange(user, branch):
            self.add_error("new_branch", _("Those who manage this organisation say of what it is a part: ask them."))

    def refuse_circle(self, name: str) -> None:
        """Say at the field ``name`` that it would make of the organisation a part of itself."""
        self.add_error(name, _("An organisation is no part of itself, nor of its own branches."))

    def _check_siret(self, siret: str | None, parent: Organisation | None) -> None:
        """Refuse the SIRET of another: branches alone may share one, and they lose this when they leave."""
        others = Organisation.objects.filter(siret__isnull=False, parent=None).exclude(pk=self.instance.pk)
        if siret is not None and parent is None and others.filter(siret=siret).exists():
            self.add_error("siret", _("Another organisation of the directory has this SIRET already."))
        leaving = [branch.siret for branch in self._leaving() if branch.siret]
        taken = {siret} if siret is not None and parent is None else set()
        taken.update(others.filter(siret__in=leaving).values_list("siret", flat=True))
        if len(set(leaving)) != len(leaving) or taken.intersection(leaving):
            self.add_error("branches", _("A branch that bears the SIRET of another organisation cannot leave it."))

    def _leaving(self) -> list[Organisation]:
        if "branches" not in self.fields or "branches" in self.errors:
            return []
        stay = set(self.cleaned_data["branches"])
        return [branch for branch in self.fields["branches"].queryset if branch not in stay]  # type: ignore[attr-defined]

    @property
    def change(self) -> OrganisationChange:
        """What was written, as the service takes it."""
        cleaned = self.cleaned_data
        links = ("territories", "themes", "audiences", "networks")
        written = (*self.Meta.fields, "parent")
        fields = {name: cleaned[name] for name in written if name in cleaned and name not in links}
        return OrganisationChange(
            fields={**fields, "seat": cleaned["place"]},
            links={name: list(cleaned[name]) for name in links},
            names=[*cleaned["former_names"], *cleaned["usual_names"]],
            joining=[one for one in [cleaned.get("new_branch")] if one],
            leaving=self._leaving(),
        )
