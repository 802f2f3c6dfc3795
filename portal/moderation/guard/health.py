"""What a text says of the health of one person; of a group, it is a subject like any other."""

import re
from collections.abc import Iterator

from portal.moderation.guard.findings import FindingKind
from portal.moderation.guard.names import find_names

Span = tuple[int, int, FindingKind]

#: One person: "elle", "un jeune", "ma bénéficiaire", "Madame D.".
ONE_PERSON = re.compile(
    r"\b(?:il|elle|lui|monsieur|madame|m\.|mme|celui-ci|celle-ci)(?=\s)"
    r"|\b(?:un|une|mon|ma|notre|cette|cet|ce|le|la)\s+(?:jeune|bénéficiaire|personne|candidate?|réfugiée?|usagère?|homme|femme"
    r"|dame|stagiaire|salariée?|apprentie?|demandeur|demandeuse|maman|mère|père|mineure?|étudiante?|client|cliente|accompagnée?"
    r"|usager|hébergée?|résidente?|locataire|patiente?|monsieur)\b"
    r"|\b(?:mon|ma|son|sa|leur)\s+(?:mari|femme|épouse|époux|conjointe?|compagne|compagnon|fils|fille|bébé|enfant|frère|sœur|père|mère)\b"
    r"|\bl?[’']?une?\s+de\s+(?:nos|mes|vos|leurs)\s+\w+"
    r"|\b(?:son|sa|ses)\s+(?:santé|état|traitement|maladie|handicap|grossesse|hospitalisation|psychologue|psychiatre|médecin)\b",
    re.IGNORECASE,
)
ILLNESS = re.compile(
    r"\b(?:atteinte?\s+d[’'eu]|souffr(?:e|ait|ant)\s+d[’'eu]|diagnostiquée?|séropositi(?:f|ve)|vih|sida|hépatite|tuberculose"
    r"|cancer|diabèt\w+|diabétique|épilep\w+|dépressi(?:on|f|ve)|schizophr\w+|bipolaire|psychose|psychotique|toxicoman\w+|addicti\w+"
    r"|alcoolique|stress\s+post[- ]traumatique|ptsd|suicid\w+|enceinte|fausse\s+couche|ivg|hospitalisée?|chimiothérapie"
    r"|dialyse|opérée?\s+d|sous\s+traitement|malade\b|maladie\s+\w+|handicapée?|paraplégique|sourde?\b|malvoyante?|aveugle|autiste|trisomique"
    r"|drépanocytose|excision|excisée|viol\b|violée?|scarifi\w+|accouch\w+|grossesse|antidépresseurs?|anxiolytiques?|neuroleptiques?"
    r"|insulin\w+|méthadone|trithérapie|trouble(?:s)?\s+(?:psych\w+|anxieu\w+|mentaux|mental|bipolaires?|du\s+comportement)"
    r"|paralys\w+|amput\w+|fauteuil\s+roulant|rqth|psychotraumatisme|asthm\w+|cardiaque|sclérose|avc|alzheimer|parkinson|anorexi\w+"
    r"|(?:voit|consulte|rencontre|suivie?\s+par|suit\s+chez)\s+(?:une?|son|sa|le|la)\s+psych\w+|perdu\s+(?:son|le)\s+bébé"
    r"|attend\s+(?:un|une|des|son|leur|d[’'])\s*(?:\w+\s+)?(?:enfant|bébé|jumeaux|jumelles)|prend\s+des\s+médicaments"
    r"|opér(?:ation|ée?)\s+(?:du|de\s+la|de\s+l[’']|des)\s*(?:genou|dos|cœur|hanche|épaule|main|pied|jambe|œil|yeux|cataracte|rein)\w*"
    r"|chirurgi\w+|arrêt\s+(?:maladie|de\s+travail)|cure\s+de\s+\w+)",
    re.IGNORECASE,
)
#: "Une personne malade a-t-elle droit…": a question of law about anyone.
GENERAL = re.compile(
    r"\b(?:les|des|aux|certaines?|plusieurs|beaucoup\s+de|ces|nos|vos|leurs)\s+(?:personnes|réfugiés|réfugiées|bénéficiaires|jeunes"
    r"|publics?|femmes|hommes|salariés|candidats|demandeurs|étrangers|bpi|stagiaires|usagers)"
    r"|\btoute\s+personne\b|\bune\s+personne\s+\w+\s+(?:peut|a|doit)-(?:t-)?elle\b|\bquand\s+une\s+personne\b|\bsi\s+une\s+personne\b",
    re.IGNORECASE,
)
SENTENCE = re.compile(r"[^.!?\n]+")


def find_health(text: str) -> Iterator[Span]:
    """Yield the words that tell the illness of one person, sentence by sentence."""
    concerns_someone = False
    for sentence in SENTENCE.finditer(text):
        words = sentence.group()
        if GENERAL.search(words):
            concerns_someone = False
            continue
        someone = ONE_PERSON.search(words) is not None or any(True for _name in find_names(words))
        # "Je suis une femme de 24 ans. Enceinte de six mois…": the sentence before said of whom.
        for match in ILLNESS.finditer(words):
            if someone or concerns_someone:
                yield sentence.start() + match.start(), sentence.start() + match.end(), FindingKind.HEALTH
        concerns_someone = someone
