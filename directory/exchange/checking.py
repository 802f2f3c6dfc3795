"""Judging the lines of a file: what each would create or change, or why it cannot."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.utils.translation import gettext as _

from directory.enums import LegalCategory, LineOutcome
from directory.exchange.columns import BY_NAME
from directory.exchange.reading import Row, is_rounded
from directory.models import Network, Organisation, OrganisationKind
from directory.phones import clean_public_phone
from directory.siret import clean_siret
from portal.core.validators import validate_printable_text
from portal.taxonomy.models import Audience, Territory, Theme, normalize_name, parse_public_code

LONGEST_WEBSITE = Organisation._meta.get_field("website").max_length or 0
_web_address = URLValidator(schemes=["http", "https"])


@dataclass
class CheckedRow:
    """One line, judged. ``key`` is the organisation that it changes; ``links`` hold keys by relation.

    ``changes`` are [column, before, after], to be read: see ``comparing``.
    """

    number: int
    name: str
    cells: dict[str, str] = field(default_factory=dict)
    action: str = ""
    key: int | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    links: dict[str, list[int]] = field(default_factory=dict)
    former_names: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    changes: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def outcome(self) -> str:
        """What the line does: its action, unless it is wrong."""
        return LineOutcome.WRONG if self.errors else self.action


class Words:
    """What cells may name, read once for the whole file."""

    def __init__(self) -> None:
        self.kinds = self._by_name(OrganisationKind)
        self.themes, self.audiences, self.networks = (self._by_name(model) for model in (Theme, Audience, Network))
        self.legal = {normalize_name(str(label)): value for value, label in LegalCategory.choices}
        self.legal |= {value: value for value in LegalCategory.values}
        fields = ("pk", "uid", "siret", "parent_id", "seat_id")
        self.by_uid: dict[str, int] = {}
        self.by_siret: dict[str, int] = {}
        self.seat_of: dict[int, int | None] = {}
        for key, uid, siret, parent, seat in Organisation.objects.filter(merged_into=None).values_list(*fields):
            self.by_uid[str(uid)] = key
            self.seat_of[key] = seat
            if siret and parent is None:
                self.by_siret[siret] = key
        self._read_places()

    @staticmethod
    def _by_name(model: Any) -> dict[str, int]:
        found = {}
        for key, slug, name in model.objects.values_list("pk", "slug", "name"):
            found[normalize_name(name)] = key
            found[normalize_name(slug)] = key
        return found

    def _read_places(self) -> None:
        """Read the municipalities by code, by name, and by name and postal code; the wider ones by public code."""
        self.by_code: dict[str, int] = {}
        self.by_name: dict[str, list[int]] = {}
        self.by_postal: dict[tuple[str, str], list[int]] = {}
        self.wider: dict[tuple[str, str], int] = {}
        self.region_of: dict[int, int | None] = {}
        fields = ("pk", "level", "code", "normalized_name", "postal_codes", "region_id")
        for key, level, code, name, postal_codes, region in Territory.objects.current().values_list(*fields):
            self.wider[level, code] = key
            self.region_of[key] = key if level == Territory.Level.REGION else region
            if level == Territory.Level.COMMUNE:
                self.by_code[code] = key
                self.by_name.setdefault(name, []).append(key)
                for postal_code in postal_codes:
                    self.by_postal.setdefault((name, postal_code), []).append(key)


class Checker:
    """Judges the lines of one file, one after the other; remembers the SIRETs and organisations that it has met.

    ``regions`` are those in which the file's owner may write; None for an administrator.
    """

    def __init__(self, words: Words, regions: frozenset[int] | None = None) -> None:
        self._words = words
        self._regions = regions
        self._met: dict[str, int] = {}
        self._met_keys: dict[int, int] = {}

    def check(self, row: Row) -> CheckedRow:
        """Return what one line would do; its ``errors`` are sentences for its owner."""
        cells = {name: text for name, text in row.cells.items() if text}
        checked = CheckedRow(row.number, row.cells.get("nom", "")[:150], cells)
        for name, text in cells.items():
            if len(text) > BY_NAME[name].longest:
                checked.errors.append(_("%(column)s: too long (%(text)s…).") % {"column": name, "text": text[:30]})
        if checked.errors:
            return checked
        for name, text in cells.items():
            self._read(checked, name, text)
        self._place(checked, cells)
        self._identify(checked, cells)
        self._meet(checked)
        self._stay_in_regions(checked)
        return checked

    def _read(self, checked: CheckedRow, name: str, text: str) -> None:
        read = _READERS.get(name)
        if read is None:
            return
        try:
            validate_printable_text(text)
            read(self, checked, text)
        except ValidationError as error:
            checked.errors += [f"{name} : {message}" for message in error.messages]

    def _name(self, checked: CheckedRow, text: str) -> None:
        name = " ".join(text.split()).removesuffix(".")
        if len(name) < 3:
            raise ValidationError(_("a name has 3 to 150 signs"))
        checked.fields["name"] = name

    def _kind(self, checked: CheckedRow, text: str) -> None:
        checked.fields["kind_id"] = self._known(self._words.kinds, text)

    def _legal(self, checked: CheckedRow, text: str) -> None:
        checked.fields["legal_category"] = self._known(self._words.legal, text)

    @staticmethod
    def _known(words: dict[str, Any], text: str) -> Any:
        found = words.get(normalize_name(text))
        if found is None:
            raise ValidationError(_("unknown: %(text)s") % {"text": text[:60]})
        return found

    def _siret(self, checked: CheckedRow, text: str) -> None:
        if is_rounded(text):
            raise ValidationError(
                _("the spreadsheet has shortened this number (%(text)s): write it as text") % {"text": text}
            )
        siret = clean_siret(text)
        if siret is None:
            return
        if siret in self._met:
            raise ValidationError(_("the same SIRET as on line %(number)d") % {"number": self._met[siret]})
        self._met[siret] = checked.number
        checked.fields["siret"] = siret

    def _website(self, checked: CheckedRow, text: str) -> None:
        address = text if "://" in text else f"https://{text}"
        _web_address(address)
        if len(address) > LONGEST_WEBSITE:
            # As it was written it had room: what was put before it has none.
            checked.errors.append(_("%(column)s: too long (%(text)s…).") % {"column": "site_web", "text": address[:30]})
            return
        checked.fields["website"] = address

    def _phone(self, checked: CheckedRow, text: str) -> None:
        checked.fields["phone"] = clean_public_phone(text)

    def _extension(self, checked: CheckedRow, text: str) -> None:
        if not text.isdigit():
            raise ValidationError(_("digits only"))
        checked.fields["phone_extension"] = text

    def _email(self, checked: CheckedRow, text: str) -> None:
        validate_email(text)
        checked.fields["relay_email"] = text

    def _postal_code(self, checked: CheckedRow, text: str) -> None:
        if not (len(text) == 5 and text.isascii() and text.isdigit()):
            raise ValidationError(_("five digits"))
        checked.fields["postal_code"] = text

    def _links(self, relation: str, words: dict[str, int]) -> "Callable[[CheckedRow, str], None]":
        def read(checked: CheckedRow, text: str) -> None:
            # Two spellings may be one word: « Langue | langue », or a name beside its slug.
            checked.links[relation] = list(dict.fromkeys(self._known(words, part) for part in _parts(text)))

        return read

    def _themes(self, checked: CheckedRow, text: str) -> None:
        self._links("themes", self._words.themes)(checked, text)

    def _audiences(self, checked: CheckedRow, text: str) -> None:
        self._links("audiences", self._words.audiences)(checked, text)

    def _networks(self, checked: CheckedRow, text: str) -> None:
        self._links("networks", self._words.networks)(checked, text)

    def _territories(self, checked: CheckedRow, text: str) -> None:
        found = []
        for part in _parts(text):
            pair = parse_public_code(part)
            key = self._words.wider.get(pair) if pair else None
            if key is None:
                raise ValidationError(_("unknown: %(text)s (write dep-35, reg-53, com-35238)") % {"text": part[:60]})
            found.append(key)
        checked.links["territories"] = list(dict.fromkeys(found))

    def _former_names(self, checked: CheckedRow, text: str) -> None:
        names = _parts(text)
        if any(len(name) > 150 for name in names):
            raise ValidationError(_("a name has 3 to 150 signs"))
        checked.former_names = names

    def _place(self, checked: CheckedRow, cells: dict[str, str]) -> None:
        """Find the seat: by its code, else by name and postal code, else by a name that one municipality has."""
        code, name = cells.get("code_insee", ""), normalize_name(cells.get("commune", ""))
        if not code and not name:
            return
        words, postal_code = self._words, cells.get("code_postal", "")
        if code:
            found = [words.by_code[code]] if code in words.by_code else []
        else:
            found = words.by_postal.get((name, postal_code), []) or words.by_name.get(name, [])
        if len(found) == 1:
            checked.fields["seat_id"] = found[0]
        elif found:
            checked.errors.append(_("commune: several are called so, give the code_insee."))
        else:
            checked.errors.append(_("commune: unknown (%(text)s).") % {"text": code or cells["commune"][:60]})

    def _identify(self, checked: CheckedRow, cells: dict[str, str]) -> None:
        """Tell which organisation the line is about: by its identifier, else by its SIRET, else a new one."""
        words, siret = self._words, checked.fields.get("siret")
        by_siret = words.by_siret.get(siret) if siret else None
        uid = cells.get("identifiant", "")
        if uid:
            try:
                checked.key = words.by_uid.get(str(UUID(uid)))
            except ValueError:
                checked.key = None
            if checked.key is None:
                checked.errors.append(_("identifiant: the directory has no such organisation."))
            elif by_siret not in {None, checked.key}:
                checked.errors.append(_("siret: another organisation of the directory has it."))
        else:
            checked.key = by_siret
        checked.action = LineOutcome.UPDATE if checked.key else LineOutcome.CREATE
        if checked.action == LineOutcome.CREATE:
            for column, name in (("nom", "name"), ("type", "kind_id")):
                if name not in checked.fields and not any(error.startswith(column) for error in checked.errors):
                    checked.errors.append(_("%(column)s: needed for a new organisation.") % {"column": column})

    def _meet(self, checked: CheckedRow) -> None:
        """Refuse an organisation that a line above changes already: which of the two would be right?"""
        if checked.key is None:
            return
        above = self._met_keys.setdefault(checked.key, checked.number)
        if above != checked.number:
            checked.errors.append(_("identifiant: the same organisation as on line %(number)d.") % {"number": above})

    def _stay_in_regions(self, checked: CheckedRow) -> None:
        """Refuse what lies outside the regions of the file's owner, before the change or after it."""
        if self._regions is None or checked.errors:
            return
        words = self._words
        seats = [checked.fields["seat_id"]] if "seat_id" in checked.fields else []
        if checked.key is not None:
            seats.append(words.seat_of[checked.key])
        if not seats or any(words.region_of.get(seat or 0) not in self._regions for seat in seats):
            checked.errors.append(_("commune: the seat must be in a region that you animate."))


def _plain(name: str) -> "Callable[[Checker, CheckedRow, str], None]":
    def read(checker: Checker, checked: CheckedRow, text: str) -> None:
        checked.fields[name] = text

    return read


_READERS: dict[str, Callable[[Checker, CheckedRow, str], None]] = {
    "nom": Checker._name,
    "sigle": _plain("acronym"),
    "intitule_du_sigle": _plain("acronym_expansion"),
    "type": Checker._kind,
    "siret": Checker._siret,
    "categorie_juridique": Checker._legal,
    "description": _plain("description"),
    "site_web": Checker._website,
    "telephone": Checker._phone,
    "poste": Checker._extension,
    "adresse": _plain("street"),
    "code_postal": Checker._postal_code,
    "territoires": Checker._territories,
    "themes": Checker._themes,
    "publics": Checker._audiences,
    "reseaux": Checker._networks,
    "anciens_noms": Checker._former_names,
    "courriel_de_contact": Checker._email,
}


def _parts(text: str) -> list[str]:
    """Return the values of a cell that holds several, each once."""
    return list(dict.fromkeys(part.strip() for part in text.split("|") if part.strip()))


def check_rows(
    rows: Sequence[Row],
    *,
    regions: frozenset[int] | None = None,
    tell: Callable[[int], None] = lambda done: None,
) -> list[CheckedRow]:
    """Judge every line; ``tell`` is called with how many are done, every thousand lines.

    ``regions`` are those in which the file's owner may write; None for an administrator.
    """
    checker = Checker(Words(), regions)
    checked = []
    for number, row in enumerate(rows, start=1):
        checked.append(checker.check(row))
        if number % 1_000 == 0:
            tell(number)
    return checked
