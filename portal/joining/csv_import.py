"""Reading a list of people to invite: what spreadsheets of French offices write.

UTF-8, with or without its mark, or Windows-1252; semicolons, commas or tabs; one line of titles.
Nothing here writes: a file is read whole, every line is judged, and the caller decides.
"""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models.functions import Lower
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory.models import FormerName, Membership, Organisation
from portal.accounts.models import User
from portal.accounts.names import MAX_NAME, validate_name
from portal.joining.selectors import Desk, open_invitations_to
from portal.joining.services.invitations import Invitee
from portal.taxonomy.models import normalize_name

MAX_BYTES = 200_000
MAX_ROWS = 200
COLUMNS = ("email", "first_name", "last_name", "organisation", "role")
#: Titles without accents or case → column.
TITLES = {
    **dict.fromkeys(("courriel", "email", "e mail", "mail", "adresse electronique", "adresse courriel"), "email"),
    "prenom": "first_name",
    "nom": "last_name",
    **dict.fromkeys(("structure", "organisation"), "organisation"),
    "role": "role",
}
TITLES_SHOWN = ("courriel", "prénom", "nom", "structure", "rôle")
ROLES = {
    "": Membership.Role.MEMBER,
    **dict.fromkeys(("membre", "member"), Membership.Role.MEMBER),
    **dict.fromkeys(("redacteur", "redactrice", "redacteur trice", "editeur", "editor"), Membership.Role.EDITOR),
    **dict.fromkeys(("responsable", "manager"), Membership.Role.MANAGER),
}
LONGEST = {"email": 254, "first_name": MAX_NAME, "last_name": MAX_NAME, "organisation": 150, "role": 30}
#: Signs that only a file of another kind holds, and what it most likely is.
_SIGNATURES = {
    b"PK\x03\x04": gettext_lazy("This is a workbook: save it as CSV, then send that file."),
    b"\xd0\xcf\x11\xe0": gettext_lazy("This is a workbook: save it as CSV, then send that file."),
    b"\xff\xfe": gettext_lazy("This file is written in UTF-16: save it as “CSV UTF-8”."),
    b"\xfe\xff": gettext_lazy("This file is written in UTF-16: save it as “CSV UTF-8”."),
}


@dataclass(frozen=True)
class Row:
    """One line of the file: its number as a spreadsheet shows it, and its cells by column."""

    number: int
    cells: dict[str, str]


@dataclass
class CheckedRow:
    """One line, judged: to be invited, left out for a good reason, or wrong."""

    row: Row
    errors: list[str] = field(default_factory=list)
    left_out: str = ""
    invitee: Invitee | None = None


def read_rows(content: bytes) -> list[Row]:
    """Return the lines of a file; raises ValidationError with what is wrong with the file as a whole."""
    if len(content) > MAX_BYTES:
        raise ValidationError(_("This file is too big: %(rows)d lines at most.") % {"rows": MAX_ROWS})
    text = _decoded(content)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True))
    except csv.Error as error:
        raise ValidationError(_("This file cannot be read as CSV: a quotation mark is probably missing.")) from error
    if not lines:
        raise ValidationError(_("This file is empty."))
    columns = _columns(lines[0])
    rows = [
        Row(number, _cells(columns, line))
        for number, line in enumerate(lines[1:], start=2)
        if any(cell.strip() for cell in line)
    ]
    if not rows:
        raise ValidationError(_("This file has titles, and nobody below them."))
    if len(rows) > MAX_ROWS:
        raise ValidationError(
            _("This file has %(found)d lines: %(rows)d at most.") % {"found": len(rows), "rows": MAX_ROWS}
        )
    return rows


def _decoded(content: bytes) -> str:
    for signature, sentence in _SIGNATURES.items():
        if content.startswith(signature):
            raise ValidationError(str(sentence))
    if b"\x00" in content:
        raise ValidationError(_("This file is not a text: save it as “CSV UTF-8”."))
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ValidationError(_("The accents of this file cannot be read: save it as “CSV UTF-8”."))


def _delimiter(text: str) -> str:
    """Return the sign that cuts the line of titles the most; a semicolon where none does."""
    titles = text.lstrip().split("\n", 1)[0]
    return max(";,\t", key=titles.count)


def _columns(titles: list[str]) -> list[str]:
    columns = [TITLES.get(normalize_name(title), "") for title in titles]
    if "email" not in columns:
        raise ValidationError(
            _("The first line must hold the titles of the columns: %(titles)s.") % {"titles": ", ".join(TITLES_SHOWN)}
        )
    named = [column for column in columns if column]
    if len(named) != len(set(named)):
        raise ValidationError(_("Two columns of this file have the same title."))
    return columns


def _cells(columns: list[str], line: list[str]) -> dict[str, str]:
    found = {column: cell.strip() for column, cell in zip(columns, line, strict=False) if column}
    return {column: found.get(column, "")[:500] for column in COLUMNS}


def check_rows(rows: Iterable[Row], desk: Desk) -> list[CheckedRow]:
    """Judge every line as ``desk`` may send it, in a number of queries that does not follow their number."""
    checked = [CheckedRow(row) for row in rows]
    organisations = _organisations_by_name(desk)
    seen: dict[tuple[str, str], int] = {}
    for line in checked:
        _check(line, desk, organisations)
        key = (line.row.cells["email"].lower(), normalize_name(line.row.cells["organisation"]))
        if key in seen and not line.errors:
            line.errors.append(_("The same person as on line %(number)d.") % {"number": seen[key]})
        seen.setdefault(key, line.row.number)
    _leave_out(checked)
    return checked


def _organisations_by_name(desk: Desk) -> dict[str, list[Organisation]]:
    """Return the organisations into which ``desk`` invites by each of their names, without accents."""
    by_pk = {one.pk: one for one in desk.organisations}
    names: dict[str, dict[int, Organisation]] = {}
    former = FormerName.objects.filter(organisation__in=desk.organisations).values_list("organisation_id", "name")
    pairs = [(one.pk, name) for one in by_pk.values() for name in (one.name, one.acronym)] + list(former)
    for pk, name in pairs:
        if name and pk in by_pk:
            names.setdefault(normalize_name(name), {})[pk] = by_pk[pk]
    return {name: list(found.values()) for name, found in names.items()}


def _check(line: CheckedRow, desk: Desk, organisations: dict[str, list[Organisation]]) -> None:
    cells = line.row.cells
    for column in COLUMNS:
        if len(cells[column]) > LONGEST[column]:
            line.errors.append(_("Too long: %(text)s…") % {"text": cells[column][:30]})
            return
    try:
        validate_email(cells["email"])
    except ValidationError:
        text = cells["email"] or _("nothing")
        line.errors.append(_("Not an e-mail address: %(text)s") % {"text": text})
    for column in ("first_name", "last_name"):
        try:
            validate_name(cells[column])
        except ValidationError as error:
            line.errors += error.messages
    role = ROLES.get(normalize_name(cells["role"]))
    if role is None:
        line.errors.append(
            _("Unknown role: %(text)s. Write membre, rédacteur or responsable.") % {"text": cells["role"]}
        )
    organisation = _organisation_of(line, desk, organisations)
    if not line.errors and role is not None:
        names = (cells["first_name"], cells["last_name"])
        line.invitee = Invitee(cells["email"].lower(), *names, organisation=organisation, role=role)


def _organisation_of(line: CheckedRow, desk: Desk, organisations: dict[str, list[Organisation]]) -> Organisation | None:
    name = line.row.cells["organisation"]
    if not name:
        if desk.is_animation:
            return None
        own = {one.pk: one for found in organisations.values() for one in found}
        if len(own) == 1:
            return next(iter(own.values()))
        line.errors.append(_("You manage several organisations: write which one."))
        return None
    found = organisations.get(normalize_name(name), [])
    if len(found) == 1:
        return found[0]
    if found:
        line.errors.append(_("Several organisations are called %(name)s: invite one by one.") % {"name": name})
    elif desk.is_animation:
        line.errors.append(_("The directory has no organisation called %(name)s.") % {"name": name})
    else:
        line.errors.append(_("You do not manage %(name)s.") % {"name": name})
    return None


def _leave_out(checked: list[CheckedRow]) -> None:
    """Mark who needs no invitation: members already, or invited and still expected."""
    emails = {line.invitee.email for line in checked if line.invitee}
    expected = open_invitations_to(emails)
    accounts = User.objects.alias(lowered=Lower("email")).filter(lowered__in=emails)
    members = {account.email.lower(): account for account in accounts if account.is_member}
    places = Membership.objects.active().filter(user__in=members.values()).values_list("user_id", "organisation_id")
    held = set(places)
    for line in checked:
        if line.invitee is None:
            continue
        organisation = line.invitee.organisation
        pk = organisation.pk if organisation else None
        member = members.get(line.invitee.email)
        if member is not None and (pk is None or (member.pk, pk) in held):
            line.left_out = _("Already a member")
        elif (line.invitee.email, pk) in expected:
            line.left_out = _("Already invited")
