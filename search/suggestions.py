"""What completes a question that is being typed."""

from dataclasses import dataclass
from itertools import islice

from portal.accounts.rules import AnyUser
from search.analysis import tokens
from search.engines import get_engine
from search.models import SearchDocument
from search.selectors import kind_label, still_visible
from search.sources import tokens_for

MOST_QUESTIONS = 5
MOST_TITLES = 4


@dataclass(frozen=True, slots=True)
class TitleSuggestion:
    """A document whose title goes on like what is typed."""

    title: str
    kind: str
    url: str


@dataclass(frozen=True, slots=True)
class Completions:
    """Whole questions, and documents by their title; all of it may be seen by the one who types."""

    questions: list[str]
    titles: list[TitleSuggestion]


def complete(prefix: str, *, user: AnyUser) -> Completions:
    """Complete ``prefix`` for ``user``: words of public text, titles that they may see now."""
    held = tokens_for(user)
    found = get_engine().suggest(prefix, held, limit=MOST_QUESTIONS)
    rows = {
        row.key: row
        for row in SearchDocument.objects.filter(key__in=found.keys).only("key", "kind", "title", "url", "audience")
    }
    typed = [token.exact for token in tokens(prefix)]
    fitting = (
        rows[key]
        for key in found.keys
        if key in rows and not held.isdisjoint(rows[key].audience.split()) and _goes_on(rows[key].title, typed)
    )
    shown = list(islice(fitting, MOST_TITLES))
    seen = set(still_visible(user, [row.key for row in shown]))
    titles = [TitleSuggestion(row.title, kind_label(row.kind), row.url) for row in shown if row.key in seen]
    return Completions(list(found.questions), titles)


def _goes_on(title: str, typed: list[str]) -> bool:
    """Whether ``title`` says the words typed, the last of them perhaps unfinished."""
    words = [token.exact for token in tokens(title)]
    return bool(typed) and all(any(word.startswith(one) for word in words) for one in typed)
