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

#: "M. Diallo", "Madame Fatima Diallo", "Mr B. Diallo"; "Madame la préfète" and "M. D." are no names.
TITLED = re.compile(
    rf"\b(?:M\.|[Mm]r\.?|MM\.|[Mm]me\.?|[Mm]e?lle\.?|[Mm]onsieur|[Mm]adame|[Mm]ademoiselle)\s+(?:{_CAPITAL}\.\s?)?"
    rf"(?P<name>{_NAME})(?![\w.])"
)
#: "mme diallo", as people type in haste: after these short titles alone, which nothing but a name or an office follows.
HASTY = re.compile(r"\b(?:[Mm]me|[Mm]e?lle|[Mm]r)\.?\s+(?P<name>[a-zàâäçéèêëîïôöùûü-]{3,30})\b")
#: "La situation de Rahmat S.": a first name that no list holds, and an initial.
OF_A_CASE = re.compile(
    rf"\b(?:situation|dossier|cas|demande|parcours|suivi|accompagnement|arrivée|départ)\s+(?:de\s+|d[’'])"
    rf"(?P<name>{_WORD}\s{_CAPITAL}\.)"
)
#: "elle s’appelle Amina", "un jeune prénommé Omar", "au nom de Diallo".
SAID = re.compile(
    rf"\b(?:s[’']appelle|se\s+nomme|prénommée?|nommée?|du\s+nom\s+de|au\s+nom\s+de|prénom\s*(?::|est)?|nom\s*(?::|est)|[Ff]amille|[Cc]ouple|[Éé]poux|[Ff]ratrie)\s+(?P<name>{_NAME})"
)
#: "ma bénéficiaire Amina", "un réfugié, Omar Haidari".
BENEFICIARY = re.compile(
    rf"\b(?P<one>(?i:mon|ma|notre|du|le|au|cette|ce|cet)\s+)?(?:bénéficiaire|candidate?|réfugiée?|usagère?|usager|stagiaire|apprentie?|salariée?|jeune|jeune\s+femme|jeune\s+homme"
    rf"|dame|monsieur|personne|cliente?|accompagnée?|protégée?)\s*,?\s+(?P<name>{_NAME})"
)
#: "Le jeune Afghan", "notre stagiaire Syrienne": typed with a capital by mistake.
NATIONALITY = re.compile(
    r"(?:ains?|aines?|ans?|anes?|iens?|iennes?|éens?|éennes?|ais|aises?|ois|oises?|ons?|onnes?|turcs?|turques?|russes?)$"
)
#: Endings of family names of the countries from which most beneficiaries come, behind a first name that no list holds.
FAR_NAME = re.compile(
    rf"\b(?P<name>{_WORD}\s{_CAPITAL}{_LOWER}+?"
    r"(?:[aeo]ri|[aei]di|[aio]ni|aei|[aei]mi|avi|[aei]zi|zai|zada|zadeh|ullah|enko|shvili|adze|yan|ova?|oğlu))\b"
)
#: A look-ahead, so that "Contactez Sophie Martin" is read from each of its words.
PAIR = re.compile(rf"\b(?P<first>{_WORD}|{_UPPER})(?=\s+(?P<last>{_PARTICLE}(?:{_UPPER}|{_WORD}))(?!\w))")
ALONE = re.compile(rf"\b(?P<first>{_WORD})\b")
#: "Rahmat S.": a first name that no list holds, said to be of a person by what follows, as ACTS tells.
WITH_INITIAL = re.compile(rf"\b(?P<name>{_WORD}\s{_CAPITAL}\.)")

#: Capitalised words that follow a title or "jeune" without naming anyone.
NOT_NAMES = frozenset(
    """
    m mr mme mlle monsieur madame docteur maître le la les un une président présidente directeur directrice
    préfet préfète maire ministre député députée sénateur
    france bretagne brest rennes quimper vannes lorient nantes paris blois tours afghanistan syrie soudan ukraine
    erythrée europe
    emploi travail formation mission locale cap pôle état région département ville pays centre maison association
    adventus kodiko sésame melting breizh asld akto hope dreets ddets ofii ofpra cnda caf cpam bpi fle iae pic gref anef
    janvier février mars avril mai juin juillet août septembre octobre novembre décembre lundi mardi mercredi jeudi
    vendredi samedi dimanche midi bonjour merci cordialement notre-dame saint sainte nicolas-de-port
    qui que est ont était sera peut doit pour avec dans chez par sur mon mes ses son cette ces leur nos vos tout
    responsable chef cheffe conseiller conseillère référent référente assistante assistant adjoint adjointe sous-préfète
    sous-préfet procureur juge rectrice recteur principale proviseure
    """.split()
)
#: Places and streets bear the names of people.
BEFORE_A_PLACE = re.compile(
    r"\b(?:rue|avenue|boulevard|place|lycée|collège|école|hôpital|clinique|centre|espace|salle|résidence|foyer|quai|maison|stade"
    r"|réseau|dispositif|groupe|programme|projet|structure|campus|gymnase|bibliothèque|parc|pont|gare|station|arrêt|métro|tram|crèche|pôle|halle"
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
    for pattern in (TITLED, HASTY, SAID, OF_A_CASE):
        for match in pattern.finditer(text):
            if _is_name(match.group("name")):
                yield *match.span("name"), FindingKind.NAME
    for match in BENEFICIARY.finditer(text):
        if _names_a_beneficiary(match):
            yield *match.span("name"), FindingKind.NAME
    for match in PAIR.finditer(text):
        if _is_known_pair(text, match):
            yield match.start("first"), match.end("last"), FindingKind.NAME
    for match in FAR_NAME.finditer(text):
        first, last = match.group("name").split()
        before = f"{text[max(0, match.start() - BEFORE) : match.start()]}{first} "
        if _is_name(first) and last.lower() not in NOT_NAMES and not BEFORE_A_PLACE.search(before):
            yield *match.span("name"), FindingKind.NAME
    yield from _alone(text)


def _is_name(found: str) -> bool:
    first = found.split(maxsplit=1)[0]
    return first.lower() not in NOT_NAMES and len(first.rstrip(".")) > 1


def _names_a_beneficiary(match: re.Match[str]) -> bool:
    """Whether what follows "bénéficiaire" or "jeune" is a name: two words, a known one, or any after "notre jeune"."""
    name = match.group("name")
    words = name.split()
    if not _is_name(name):
        return False
    is_word = match["one"] is not None and not name.isupper() and not NATIONALITY.search(name)
    return len(words) > 1 or words[0].lower() in first_names() or is_word


def _is_known_pair(text: str, match: re.Match[str]) -> bool:
    """Whether a first name that is known stands before what may be a last name, and names no street."""
    first, last = match.group("first").lower(), match.group("last")
    if first not in first_names() or last.lower() in NOT_NAMES:
        return False
    return not BEFORE_A_PLACE.search(text[max(0, match.start() - BEFORE) : match.start()])


#: After a first name alone, what shows that it is one of a person: "Omar est logé", "Amina, réfugiée syrienne".
ACTS = re.compile(
    r"\s*,?\s+(?:a|est|vient|veut|souhaite|habite|cherche|parle|dort|travaille|attend|doit|n[’']a|n[’']est|ne|qui|,\s*\d{2}\s+ans)\b"
    r"|\s*,\s*(?:une?\s+)?(?:jeune\s+)?(?:réfugiée?|bénéficiaire|arrivée?|originaire|âgée?|mère|père|maman|\d{2}\s+ans)\b"
)


def _alone(text: str) -> Iterator[Span]:
    for match in WITH_INITIAL.finditer(text):
        is_known = match.group("name").split()[0].lower() in first_names()
        if _is_name(match.group("name")) and (is_known or ACTS.match(text, match.end())):
            yield *match.span("name"), FindingKind.NAME
    for match in ALONE.finditer(text):
        if match.group().lower() in first_names() and ACTS.match(text, match.end()):
            before = text[max(0, match.start() - BEFORE) : match.start()]
            if not BEFORE_A_PLACE.search(before):
                yield *match.span(), FindingKind.NAME
