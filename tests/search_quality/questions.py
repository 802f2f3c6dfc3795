"""Questions whose answers are known: judged ones of the field, and sheets looked for by the words of their title."""

import csv
import random
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from search.analysis import STOP_WORDS, Token, fold, tokens
from tests.search_quality.corpus import Sheet

JUDGED = Path(__file__).parent / "judged.csv"
SAMPLE = 250
MOST_WORDS = 4
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Question:
    """What is typed, and the sheets that answer it, by their ids: any of them will do."""

    text: str
    answers: frozenset[str]


def judged() -> list[Question]:
    """Return the questions of practitioners, judged by reading the titles of all sheets.

    They were written before any engine answered them, and no synonym was written from them.
    """
    with JUDGED.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    return [Question(row["question"], frozenset(row["sheets"].split())) for row in rows]


def known_items(sheets: Sequence[Sheet]) -> dict[str, list[Question]]:
    """Return, by the way they are written, questions made of up to four words of a sheet's title.

    The same sample at each run. Sheets of the same title answer alike.
    """
    by_title: dict[str, list[str]] = {}
    for sheet in sheets:
        by_title.setdefault(sheet.title, []).append(sheet.id)
    # The words by which a person would ask: those that fewer titles have.
    common = Counter(token.stem for title in by_title for token in tokens(title))
    dice = random.Random(20)  # noqa: S311 -- the same sample at each run
    asked = []
    for title in dice.sample(sorted(by_title), SAMPLE * 2):
        words = list({token.stem: token for token in tokens(title) if len(token.exact) > 3}.values())
        if len(words) >= 2 and len(asked) < SAMPLE:
            kept = sorted(words, key=lambda token: common[token.stem])[:MOST_WORDS]
            asked.append((title, [token for token in words if token in kept], frozenset(by_title[title])))
    ways: dict[str, Callable[[str, list[Token]], str]] = {
        "titre : mots exacts": _written,
        "titre : sans accents": lambda title, words: fold(_written(title, words)),
        "titre : autre nombre": lambda title, words: " ".join(
            _inflected(word) for word in _written(title, words).split()
        ),
        "titre : une faute": lambda title, words: _misspelt(_written(title, words), dice),
    }
    return {
        name: [Question(write(title, words), answers) for title, words, answers in asked]
        for name, write in ways.items()
    }


def _written(title: str, words: list[Token]) -> str:
    return " ".join(title[word.start : word.end].lower() for word in words)


def _inflected(word: str) -> str:
    """Return ``word`` in the other number."""
    if word in STOP_WORDS or not word.isalpha():
        return word
    if word.endswith("aux"):
        return f"{word[:-3]}al"
    if word.endswith(("s", "x")):
        return word[:-1]
    if word.endswith("al"):
        return f"{word[:-2]}aux"
    return f"{word}x" if word.endswith(("eau", "eu")) else f"{word}s"


def _misspelt(text: str, dice: random.Random) -> str:
    """Return ``text`` with one slip in its longest word, its first letter left alone."""
    words = text.split()
    place = max(range(len(words)), key=lambda index: len(words[index]))
    word = words[place]
    at = dice.randrange(1, len(word) - 1)
    slip = dice.choice(("left out", "doubled", "exchanged", "other"))
    if slip == "left out":
        word = word[:at] + word[at + 1 :]
    elif slip == "doubled":
        word = word[:at] + word[at] + word[at:]
    elif slip == "exchanged":
        word = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    else:
        word = word[:at] + dice.choice(_LETTERS) + word[at + 1 :]
    words[place] = word
    return " ".join(words)
