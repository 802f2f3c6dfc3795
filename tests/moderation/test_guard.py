"""The guard on labelled sentences: what it finds, what it leaves alone, and what it costs."""

from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from portal.moderation.guard import FindingKind, find_personal_data
from portal.moderation.guard.scan import MOST_SIGNS

FOLDER = Path(__file__).parent


def labelled(name: str) -> list[tuple[set[str], str]]:
    lines = (FOLDER / name).read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t", 1) for line in lines if line and not line.startswith("#")]
    return [(set() if kinds == "-" else set(kinds.split(",")), text) for kinds, text in rows]


def measured(name: str) -> tuple[float, float, list[str]]:
    """Return precision, recall and the sentences that are judged wrongly, over (sentence, kind) pairs."""
    counts: Counter[str] = Counter()
    wrong = []
    for expected, text in labelled(name):
        found = {str(finding.kind) for finding in find_personal_data(text)}
        counts.update(right=len(found & expected), extra=len(found - expected), missed=len(expected - found))
        if found != expected:
            wrong.append(f"{sorted(expected)} ≠ {sorted(found)}: {text}")
    right = counts["right"]
    return right / (right + counts["extra"]), right / (right + counts["missed"]), wrong


@pytest.mark.parametrize(
    ("name", "least_precision", "least_recall"), [("guard_set.tsv", 0.95, 0.95), ("guard_held_out.tsv", 0.95, 0.95)]
)
def test_precision_and_recall(name: str, least_precision: float, least_recall: float) -> None:
    precision, recall, wrong = measured(name)
    assert precision >= least_precision, "\n".join(wrong)
    assert recall >= least_recall, "\n".join(wrong)


def test_a_finding_says_where_and_what_to_write_instead() -> None:
    text = "Joignez-la au 06 12 34 56 78, merci."
    [finding] = find_personal_data(text)
    assert (finding.kind, text[finding.start : finding.end]) == (FindingKind.PHONE, finding.excerpt)
    assert finding.excerpt == "06 12 34 56 78"
    assert finding.message


def test_passages_come_in_order_and_do_not_overlap() -> None:
    text = "M. Omar Haidari, né le 12/03/1998, numéro étranger 9912345678, omar@exemple.fr, 06 12 34 56 78."
    found = find_personal_data(text)
    assert [finding.kind for finding in found] == ["name", "birth", "file_number", "email", "phone"]
    assert all(one.end <= other.start for one, other in pairwise(found))


#: Each pattern of the guard, begun over and over again without its end.
HOSTILE = ("a", "M. ", "1 ", "Il habite 1 rue ", "(", "né le ", "numéro ", "n°1234 ", "Ab ", "Aa-", "a.b@", "12345")


@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_texts_are_read_to_their_end(piece: str) -> None:
    """A pattern that went back over what it has read would not end here: 20,000 signs, squared, are hours."""
    assert len(find_personal_data(piece * (2 * MOST_SIGNS // len(piece)))) < MOST_SIGNS


def test_nothing_beyond_the_limit_is_read() -> None:
    assert not find_personal_data("x" * MOST_SIGNS + " 06 12 34 56 78")
