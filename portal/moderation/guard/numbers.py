"""Passages that have a form of their own: numbers, addresses, dates."""

import re
from collections.abc import Iterator

import phonenumbers
from stdnum import iban
from stdnum.fr import nir

from portal.moderation.guard.findings import FindingKind

Span = tuple[int, int, FindingKind]

EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}")
#: "prenom.nom (at) exemple.fr", "nom [arobase] exemple point fr".
SPELT_EMAIL = re.compile(
    r"[\w.+-]{1,64}\s?(?:[\[({]\s?(?:at|arobase|@)\s?[\])}]|\sarobase\s)\s?[\w-]{1,63}"
    r"(?:\s?(?:\.|[\[({]\s?(?:point|dot|\.)\s?[\])}]|\spoint\s)\s?[\w-]{2,63}){1,3}",
    re.IGNORECASE,
)
#: Pairs of digits behind a stroke, which no library takes for a phone number; no date has five of them.
STROKED_PHONE = re.compile(r"(?<![\d/])0[1-9](?:/\d{2}){4}(?![\d/])")
#: 13 digits and a key, spaced as on the card: 2 94 05 29 019 123 45.
SOCIAL_SECURITY = re.compile(r"(?<!\d)[1278](?:[ .]?\d){4}[ .]?(?:\d[ .]?[\dAB])(?:[ .]?\d){6}(?:[ .]?\d{2})(?!\d)")
BANK_ACCOUNT = re.compile(r"\bFR\d{2}(?: ?[0-9A-Z]{4}){5} ?[0-9A-Z]{3}\b")
#: The national number of a foreigner (AGDREF) has ten digits; a French phone number begins with 0.
FOREIGNER = re.compile(r"(?<![\d/.-])[1-9]\d{9}(?![\d/-]|\.\d|\s?(?:€|euros?\b|personnes\b))")
#: The same, grouped as people type it, where it is said to be one.
NAMED_FOREIGNER = re.compile(
    r"(?:étranger|etranger|agdref|numéro personnel|récépissé|titre de séjour|carte de séjour)[^\d\n]{0,25}"
    r"(?P<number>[1-9](?:[ .-]?\d){9})(?![\d/])",
    re.IGNORECASE,
)
#: A number of a file, said to be one: OFPRA, CNDA, CAF, France Travail, passport…
NAMED_NUMBER = re.compile(
    r"(?:\bn°|\bnuméro\b|\bmatricule\b|\bidentifiant\b|\bdossier\b|\brécépissé\b|\bpasseport\b|\bagdref\b|\bofpra\b|\bcnda\b)"
    r"[^\d\n.;]{0,25}?(?P<number>\b[A-Z]{0,4}\d[A-Z0-9]*(?:[/-][A-Z0-9]+){0,3}\b)",
    re.IGNORECASE,
)
#: So many digits at least make a number of a file.
FEWEST_DIGITS = 5
#: What makes a named number one of a person, and not of a decree, a building or a SIRET.
OF_A_PERSON = re.compile(
    r"étranger|etranger|agdref|récépissé|recepisse|titre de séjour|carte de séjour|passeport|visa|allocataire|caf|cpam"
    r"|sécu|ofpra|cnda|ofii|france travail|pôle emploi|identifiant|nir|dossier (?:de|du) (?:m\b|mme|mon|sa|son)",
    re.IGNORECASE,
)
NOT_OF_A_PERSON = re.compile(
    r"siret|siren|décret|loi|article|arrêté|circulaire|finess|rna|convention|marché|cerfa|chorus|facture|devis|commande"
    r"|engagement juridique|subvention|réunion|offre d.emploi",
    re.IGNORECASE,
)

_MONTHS = "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
_DATE = rf"(?:\d{{1,2}}[/.-]\d{{1,2}}[/.-](?:\d{{4}}|\d{{2}})|\d{{1,2}}(?:er)?\s+(?:{_MONTHS})\s+\d{{4}})"
BIRTH = re.compile(
    rf"\b(?:née?s?(?:\(e\))?(?:\s+à\s+[\w’'-]{{2,30}})?\s+le|date de naissance\s*:?|ddn\s*:?)\s*{_DATE}", re.IGNORECASE
)
ADDRESS = re.compile(
    r"\b(?:habite|habitait|loge|logée?|hébergée?|demeurant|demeure|domiciliée?|réside|vit)\b[^.;\n\d]{0,30}"
    r"\d{1,4}\s?(?:bis|ter)?,?\s+(?:rue|avenue|av\.|boulevard|bd|place|impasse|allée|chemin|quai|route|square|cours|résidence)"
    r"\s[^,.;\n]{2,60}",
    re.IGNORECASE,
)
#: How far before a number the words that qualify it are looked for.
BEFORE = 60


def find_numbers(text: str) -> Iterator[Span]:
    """Yield what has the form of something personal."""
    for pattern in (EMAIL, SPELT_EMAIL):
        for match in pattern.finditer(text):
            yield *match.span(), FindingKind.EMAIL
    for match in BIRTH.finditer(text):
        yield *match.span(), FindingKind.BIRTH
    for match in ADDRESS.finditer(text):
        yield *match.span(), FindingKind.ADDRESS
    for number in phonenumbers.PhoneNumberMatcher(text, "FR", leniency=phonenumbers.Leniency.VALID):
        # A bare national number without its 0 is any number of nine digits.
        if number.raw_string.lstrip("(").startswith(("0", "+")):
            yield number.start, number.end, FindingKind.PHONE
    for match in STROKED_PHONE.finditer(text):
        yield *match.span(), FindingKind.PHONE
    for start, end in _file_numbers(text):
        yield start, end, FindingKind.FILE_NUMBER


def _file_numbers(text: str) -> Iterator[tuple[int, int]]:
    for match in SOCIAL_SECURITY.finditer(text):
        if nir.is_valid(match.group()):
            yield match.span()
    for match in BANK_ACCOUNT.finditer(text):
        if iban.is_valid(match.group()):
            yield match.span()
    yield from _foreigners_numbers(text)
    for match in NAMED_NUMBER.finditer(text):
        around = text[max(0, match.start() - BEFORE) : match.end()]
        if sum(sign.isdigit() for sign in match.group("number")) < FEWEST_DIGITS:
            continue
        if OF_A_PERSON.search(around) and not NOT_OF_A_PERSON.search(around):
            yield match.span("number")


def _foreigners_numbers(text: str) -> Iterator[tuple[int, int]]:
    for match in FOREIGNER.finditer(text):
        if not NOT_OF_A_PERSON.search(text[max(0, match.start() - BEFORE) : match.start()]):
            yield match.span()
    for match in NAMED_FOREIGNER.finditer(text):
        yield match.span("number")
