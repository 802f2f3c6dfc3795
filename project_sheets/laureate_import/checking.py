"""Judging the lines of a list of laureates: what each would create, and what is wrong with it."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models.functions import Lower
from django.utils.translation import gettext as _
from stdnum.fr import siret as siret_number

from directory.models import Organisation
from portal.accounts.models import User
from portal.accounts.rules import animates
from portal.accounts.throttle import MAILS_A_DAY
from portal.taxonomy.models import Territory, Theme, normalize_name
from project_sheets.laureate_import import measure
from project_sheets.models import Call, ProjectSheetPage, RegionIndexPage, Wave

CREATE, KNOWN, WRONG = "create", "known", "wrong"
#: Invitations that one line may send.
MOST_LEADS = 5
_SPACES = re.compile(r"[\s\u00a0\u202f€]")


@dataclass
class CheckedLine:
    """One line judged: ``outcome`` is create, known (its sheet exists) or wrong; warnings stop nothing.

    ``notes`` says whom the line would invite.
    """

    number: int
    title: str
    outcome: str = CREATE
    errors: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)


class Checker:
    """Judges lines against what the portal holds, read once."""

    def __init__(self, *, call: Call, user: User) -> None:
        self._call, self._user = call, user
        pages = RegionIndexPage.objects.select_related("territory").exclude(territory=None)
        self._regions: dict[str, RegionIndexPage] = {}
        for page in pages:
            self._regions[normalize_name(page.territory.name)] = page
            self._regions[page.territory.code] = page
        self._places: dict[str, Territory] = {}
        for place in Territory.objects.departments():
            self._places[place.code.upper()] = self._places[normalize_name(place.name)] = place
        self._themes = {normalize_name(theme.name): theme for theme in Theme.objects.all()}
        self._waves: Mapping[int, Wave] = {wave.number: wave for wave in call.waves.all()}
        self._accounts: Mapping[str, User] = {}
        #: How many sheets of the list each address is invited to look after; none, of those of the day's other lists.
        self._invited: Counter[str] = Counter(dict.fromkeys(measure.invited_lately(user), 0))
        self._known = {
            (region, normalize_name(title))
            for region, title in ProjectSheetPage.objects.filter(call=call).values_list("region_id", "title")
        }
        self._organisations: dict[str, list[int]] = {}
        self._by_siret: dict[str, int] = {}
        for key, name, acronym, siret in Organisation.objects.values_list("pk", "name", "acronym", "siret"):
            for text in {normalize_name(name), normalize_name(acronym)} - {""}:
                self._organisations.setdefault(text, []).append(key)
            if siret:
                self._by_siret[siret] = key

    def check(self, lines: Iterable[Mapping[str, Any]]) -> Sequence[CheckedLine]:
        """Judge the lines in order; a project named twice in the file is wrong the second time."""
        lines = list(lines)
        wanted = {email for line in lines for email in _emails(line)[:MOST_LEADS] if "@" in email}
        accounts = User.objects.annotate(lowered_email=Lower("email")).filter(lowered_email__in=wanted)
        self._accounts = {account.lowered_email: account for account in accounts}
        return [self._check(line) for line in lines]

    def _check(self, line: Mapping[str, Any]) -> CheckedLine:
        checked = CheckedLine(line["number"], str(line.get("titre", ""))[:255])
        self._read_title(checked, line)
        self._read_region(checked, line)
        self._read_holder(checked, line)
        self._read_words(checked, line)
        self._read_wave_and_date(checked, line)
        self._read_money(checked, line)
        self._read_leads(checked, line)
        if checked.errors:
            checked.outcome = WRONG
        elif (key := (checked.values["region"].territory_id, normalize_name(checked.title))) in self._known:
            checked.outcome, checked.notes = KNOWN, []
        else:
            self._known.add(key)
            self._keep_measure(checked)
        return checked

    def _read_title(self, checked: CheckedLine, line: Mapping[str, Any]) -> None:
        title = " ".join(str(line.get("titre", "")).split())
        if not title:
            checked.errors.append(_("The title is missing."))
        elif len(title) > 255:
            checked.errors.append(_("The title is longer than 255 signs."))
        checked.title = title[:255]
        summary = " ".join(str(line.get("resume", "")).split())
        if len(summary) > 280:
            checked.errors.append(_("The summary is longer than 280 signs."))
        checked.values |= {"acronym": str(line.get("acronyme", ""))[:40], "summary": summary}

    def _read_region(self, checked: CheckedLine, line: Mapping[str, Any]) -> None:
        typed = str(line.get("region", ""))
        page = self._regions.get(normalize_name(typed)) or self._regions.get(typed.zfill(2))
        if page is None:
            checked.errors.append(_("“%(name)s” is not a region of the portal.") % {"name": typed})
        elif not animates(self._user, page.territory_id):
            checked.errors.append(_("You do not animate this region: %(name)s.") % {"name": page.title})
        checked.values["region"] = page

    def _read_holder(self, checked: CheckedLine, line: Mapping[str, Any]) -> None:
        name = str(line.get("structure", ""))
        digits = re.sub(r"\D", "", str(line.get("siret", "")))
        if digits and (not siret_number.is_valid(digits) or not digits.strip("0")):
            checked.errors.append(_("“%(siret)s” is not a SIRET.") % {"siret": line["siret"]})
        found = (
            [self._by_siret[digits]] if digits in self._by_siret else self._organisations.get(normalize_name(name), [])
        )
        if not name:
            checked.errors.append(_("The organisation is missing."))
        elif len(found) > 1:
            checked.errors.append(_("Several organisations are called “%(name)s”: give the SIRET.") % {"name": name})
        elif not found:
            message = _("“%(name)s” is not in the directory: add it there, or write its name as it stands there.")
            checked.errors.append(message % {"name": name})
        checked.values["holder_id"] = found[0] if len(found) == 1 else None

    def _read_words(self, checked: CheckedLine, line: Mapping[str, Any]) -> None:
        themes, places = [], []
        for text in _parts(line.get("themes")):
            theme = self._themes.get(normalize_name(text))
            if theme is None:
                checked.warnings.append(_("The theme “%(name)s” is unknown and left out.") % {"name": text})
            else:
                themes.append(theme)
        for text in _parts(line.get("departements")):
            code = text.upper().zfill(2)
            place = self._places.get(code) or self._places.get(normalize_name(text))
            if place is None:
                checked.warnings.append(_("The département “%(name)s” is unknown and left out.") % {"name": text})
            else:
                places.append(place)
        checked.values |= {"themes": themes, "territories": places}

    def _read_wave_and_date(self, checked: CheckedLine, line: Mapping[str, Any]) -> None:
        typed = re.sub(r"\D", "", str(line.get("vague", "")))
        wave = self._waves.get(int(typed[:4])) if typed else None
        if line.get("vague") and wave is None:
            checked.errors.append(_("The call has no wave “%(wave)s”.") % {"wave": line["vague"]})
        day = _day(str(line.get("date", "")))
        if line.get("date") and day is None:
            checked.errors.append(_("“%(date)s” is not a date: write 31/01/2019.") % {"date": line["date"]})
        elif day and self._call.published_on and day < self._call.published_on:
            checked.errors.append(_("The award comes before the publication of the call."))
        checked.values |= {"wave": wave, "award_date": day}

    def _read_money(self, checked: CheckedLine, line: Mapping[str, Any]) -> None:
        for column, name in (("budget", "total_budget"), ("etat", "state")):
            typed = line.get(column)
            amount = _amount(str(typed)) if typed else None
            if typed and amount is None:
                checked.errors.append(_("“%(amount)s” is not an amount in euros.") % {"amount": typed})
            checked.values[name] = amount
        if (budget := checked.values["total_budget"]) is not None and budget < 1:
            checked.errors.append(_("A total budget is one euro at least: leave it empty where it is not known."))
        total, state = checked.values["total_budget"], checked.values["state"]
        if state is not None and total is None:
            checked.errors.append(_("Give the total budget: funding lines are shares of it."))
        elif state is not None and total is not None and state > total:
            checked.errors.append(_("The part of the State is more than the total budget."))

    def _read_leads(self, checked: CheckedLine, line: Mapping[str, Any]) -> None:
        """Say whom the line would invite, and how: nobody gets an account that they have not made."""
        emails = _emails(line)
        if len(emails) > MOST_LEADS:
            checked.errors.append(_("A line names %(count)d leads at most.") % {"count": MOST_LEADS})
        invited = []
        for email in emails[:MOST_LEADS]:
            try:
                validate_email(email)
            except ValidationError:
                checked.errors.append(_("“%(email)s” is not an e-mail address.") % {"email": email[:80]})
                continue
            if self._says_how(checked, email):
                invited.append(email)
        checked.values["leads"] = invited

    def _keep_measure(self, checked: CheckedLine) -> None:
        """Leave out those who would be invited beyond the day's measure; their sheets are created all the same."""
        named = list(zip(checked.values["leads"], checked.notes, strict=True))
        kept = [(email, note) for email, note in named if self._takes(email)]
        if len(kept) < len(named):
            warning = _(
                "Lists invite %(people)d people a day at most, each to %(sheets)d sheets: "
                "invite the others of this line from their sheet."
            )
            checked.warnings.append(warning % {"people": measure.PEOPLE_A_DAY, "sheets": MAILS_A_DAY})
        checked.values["leads"], checked.notes = [email for email, _note in kept], [note for _email, note in kept]

    def _takes(self, email: str) -> bool:
        is_new = email not in self._invited
        if (is_new and len(self._invited) >= measure.PEOPLE_A_DAY) or self._invited[email] >= MAILS_A_DAY:
            return False
        self._invited[email] += 1
        return True

    def _says_how(self, checked: CheckedLine, email: str) -> bool:
        """Note how the owner of an address would come to look after the sheet; False for one who cannot."""
        account = self._accounts.get(email)
        if account is None:
            note = _("%(email)s has no account: this person is invited to join, then to look after the sheet.")
        elif account.is_member:
            note = _("%(name)s (%(email)s) is invited to look after the sheet.")
        elif account.is_active and account.membership_status == User.MembershipStatus.PENDING:
            note = _("%(email)s waits for admission: your invitation admits this person, who may look after the sheet.")
        else:
            warning = _("The account of %(email)s is closed, refused or suspended: this person is not invited.")
            checked.warnings.append(warning % {"email": email})
            return False
        checked.notes.append(note % {"email": email, "name": account})
        return True


def _parts(text: Any, cut: str = r"[|;,/]") -> list[str]:
    return [part.strip() for part in re.split(cut, str(text or "")) if part.strip()]


def _emails(line: Mapping[str, Any]) -> list[str]:
    return list(dict.fromkeys(text.lower() for text in _parts(line.get("referents"), r"[|;,\s]")))


def _amount(text: str) -> Decimal | None:
    """Read an amount as the French and spreadsheets write it: "2 000 845,50 €", "2000845.5"; None for another text."""
    plain = _SPACES.sub("", text).replace(",", ".")
    try:
        amount = Decimal(plain)
    except InvalidOperation:
        return None
    is_amount = amount.is_finite() and 0 <= amount < 10**10 and amount == round(amount, 2)
    return round(amount, 2) if is_amount else None


def _day(text: str) -> date | None:
    for form in ("%d/%m/%Y", "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y"):
        try:
            return datetime.strptime(text.strip(), form).date()  # noqa: DTZ007 -- a day has no time zone
        except ValueError:
            continue
    return None
