"""Names of persons: said by a title, by a verb, or by a first name that is known as one."""

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from portal.moderation.guard.findings import FindingKind

Span = tuple[int, int, FindingKind]

FIRST_NAMES_FILE = Path(__file__).resolve().parent.parent / "data" / "first_names.txt"

_CAPITAL = r"[A-ZÀÂÄÇÉÈÊËÎÏÔÖÙÛÜ]"
_LOWER = r"[a-zàâäçéèêëîïôöùûüÿœ’'-]"
_WORD = rf"{_CAPITAL}{_LOWER}+(?:-{_CAPITAL}{_LOWER}+)?"
_UPPER = rf"{_CAPITAL}{{2,}}(?:-{_CAPITAL}{{2,}})?"
_PARTICLE = r"(?:(?:de|du|des|el|al|ben|bin|le|la|van|von|da|dos)\s+|d’|d')?"
_NAME = rf"(?:{_WORD}|{_UPPER})(?:\s+{_PARTICLE}(?:{_WORD}|{_UPPER})){{0,2}}"

#: "M. Diallo", "Madame Fatima Diallo"; "Madame la préfète" and "M. D." are no names.
TITLED = re.compile(
    rf"\b(?:M\.|Mr\.?|MM\.|Mme\.?|Mlle\.?|[Mm]onsieur|[Mm]adame|[Mm]ademoiselle)\s+(?P<name>{_NAME})(?![\w.])"
)
#: "elle s’appelle Amina", "un jeune prénommé Omar", "au nom de Diallo".
SAID = re.compile(
    rf"\b(?:s[’']appelle|se\s+nomme|prénommée?|nommée?|du\s+nom\s+de|au\s+nom\s+de|prénom\s*:|nom\s*:|[Ff]amille)\s+(?P<name>{_NAME})"
)
#: "ma bénéficiaire Amina", "un réfugié, Omar Haidari".
BENEFICIARY = re.compile(
    rf"\b(?:bénéficiaire|candidate?|réfugiée?|usagère?|usager|stagiaire|apprentie?|salariée?|jeune|jeune\s+femme|jeune\s+homme"
    rf"|dame|monsieur|personne|cliente?|accompagnée?|protégée?)\s*,?\s+(?P<name>{_NAME})"
)
#: A look-ahead, so that "Contactez Sophie Martin" is read from each of its words.
PAIR = re.compile(rf"\b(?P<first>{_WORD}|{_UPPER})(?=\s+(?P<last>{_PARTICLE}(?:{_UPPER}|{_WORD}))(?!\w))")
ALONE = re.compile(rf"\b(?P<first>{_WORD})\b")

#: Capitalised words that follow a title or "jeune" without naming anyone.
NOT_NAMES = frozenset(
    """
    le la les un une président présidente directeur directrice préfet préfète maire ministre député députée sénateur
    france bretagne brest rennes quimper vannes lorient nantes paris blois tours afghanistan syrie soudan ukraine
    erythrée europe
    emploi travail formation mission locale cap pôle état région département ville pays centre maison association
    adventus kodiko sésame melting breizh asld akto hope dreets ddets ofii ofpra cnda caf cpam bpi fle iae pic gref anef
    janvier février mars avril mai juin juillet août septembre octobre novembre décembre lundi mardi mercredi jeudi
    vendredi samedi dimanche bonjour merci cordialement notre-dame saint sainte nicolas-de-port
    """.split()
)
#: Places and streets bear the names of people.
BEFORE_A_PLACE = re.compile(
    r"\b(?:rue|avenue|boulevard|place|lycée|collège|école|hôpital|clinique|centre|espace|salle|résidence|foyer|quai|maison|stade"
    r"|fondation|institut|loi|fonds|prix|association|entreprise|cité|square|allée|université|saint|sainte|plan|théâtre|médiathèque)"
    r"(?:\s+(?:de|du|des|d[’']|social|hospitalier|professionnel|le|la))*\s*$",
    re.IGNORECASE,
)
BEFORE = 40


@lru_cache(maxsize=1)
def first_names() -> frozenset[str]:
    """Return the first names that the guard knows, in lower case."""
    lines = FIRST_NAMES_FILE.read_text(encoding="utf-8").splitlines()
    return frozenset(name for line in lines if not line.startswith("#") for name in line.lower().split())


def find_names(text: str) -> Iterator[Span]:
    """Yield the passages that name a person."""
    for pattern in (TITLED, SAID):
        for match in pattern.finditer(text):
            if _is_name(match.group("name")):
                yield *match.span("name"), FindingKind.NAME
    for match in BENEFICIARY.finditer(text):
        words = match.group("name").split()
        if _is_name(match.group("name")) and (words[0].lower() in first_names() or len(words) > 1):
            yield *match.span("name"), FindingKind.NAME
    for match in PAIR.finditer(text):
        if _is_known_pair(text, match):
            yield match.start("first"), match.end("last"), FindingKind.NAME
    yield from _alone(text)


def _is_name(found: str) -> bool:
    first = found.split(maxsplit=1)[0]
    return first.lower() not in NOT_NAMES and len(first.rstrip(".")) > 1


def _is_known_pair(text: str, match: re.Match[str]) -> bool:
    """Whether a first name that is known stands before what may be a last name, and names no street."""
    first, last = match.group("first").lower(), match.group("last")
    if first not in first_names() or last.lower() in NOT_NAMES:
        return False
    return not BEFORE_A_PLACE.search(text[max(0, match.start() - BEFORE) : match.start()])


#: After a first name alone, what shows that it is one of a person: "Amina a obtenu", "Omar est logé".
ACTS = re.compile(
    r"\s*,?\s+(?:a|est|vient|veut|souhaite|habite|cherche|parle|dort|travaille|attend|doit|n[’']a|n[’']est|ne|qui|,\s*\d{2}\s+ans)\b"
)


def _alone(text: str) -> Iterator[Span]:
    for match in ALONE.finditer(text):
        if match.group().lower() in first_names() and ACTS.match(text, match.end()):
            before = text[max(0, match.start() - BEFORE) : match.start()]
            if not BEFORE_A_PLACE.search(before):
                yield *match.span(), FindingKind.NAME
