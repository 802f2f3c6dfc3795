"""The projection of everything that can be found, its index, and the outbox that feeds them."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from search.analysis import WORD_LENGTH, stems

#: A facet's value with the name of its facet is the longest term.
TERM_LENGTH = 160


def validate_synonyms(value: str) -> None:
    """Refuse a group that has no two expressions to search for."""
    lines = [line for line in value.splitlines() if line.strip()]
    if len({stems(line) for line in lines if stems(line)}) < 2:
        raise ValidationError(_("Write two different words or expressions at least, one a line."))
    if any(len(stems(line)) > 6 for line in lines):
        raise ValidationError(_("An expression has six words at most."))


class IndexState(models.Model):
    """Which generation of the index is read, and which one a rebuild is writing; a single row."""

    live_generation = models.PositiveIntegerField(_("generation read"), default=1)
    building_generation = models.PositiveIntegerField(_("generation being built"), null=True)
    analyzer_version = models.PositiveIntegerField(_("rules of analysis of the generation read"), default=0)

    class Meta:
        verbose_name = _("state of the search index")
        verbose_name_plural = _("states of the search index")
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="search_index_state_single")]

    def __str__(self) -> str:
        return str(self.live_generation)

    @classmethod
    def load(cls) -> "IndexState":
        """Return the row, made at first use."""
        return cls.objects.get_or_create(pk=1)[0]


class SearchDocumentQuerySet(models.QuerySet["SearchDocument"]):
    """Reads of the projection."""

    def readable_with(self, tokens: frozenset[str]) -> "SearchDocumentQuerySet":
        """Keep the documents whose audience shares a token with ``tokens``; for a few rows, found otherwise."""
        shared = models.Q(pk__in=[])
        for token in sorted(tokens):
            shared |= models.Q(audience__contains=f" {token} ")
        return self.filter(shared)


class SearchDocument(models.Model):
    """A thing that can be found, as its app describes it to search: the projection of all engines.

    ``body`` belongs to the whole audience; ``members_body`` is searched and shown for members
    alone; ``keywords`` are found and never shown. ``audience``, ``themes``, ``territories`` and
    ``calls`` are values separated by spaces, with one before and after the audience's.

    The primary key is the document's number in the index; ``version`` grows with each change of
    the document, so that a late copy of an older state is known.
    """

    key = models.CharField(_("key"), max_length=120, unique=True)
    kind = models.CharField(_("kind"), max_length=40)
    weight = models.FloatField(_("weight"), default=1.0)
    date = models.DateField(_("date"), null=True)
    audience = models.TextField(_("audience"), default="")
    themes = models.TextField(_("themes"), blank=True)
    territories = models.TextField(_("territories"), blank=True)
    calls = models.TextField(_("calls for projects"), blank=True)
    version = models.BigIntegerField(_("version"), default=0)
    digest = models.CharField(_("digest"), max_length=64)
    url = models.CharField(_("address"), max_length=500)
    breadcrumb = models.CharField(_("breadcrumb"), max_length=300, blank=True)
    title = models.CharField(_("title"), max_length=300)
    summary = models.TextField(_("summary"), blank=True)
    # Long texts come last: SQLite reads through them to reach what follows.
    keywords = models.TextField(_("words that find it"), blank=True)
    body = models.TextField(_("text"), blank=True)
    members_body = models.TextField(_("text for members"), blank=True)

    objects = SearchDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("search document")
        verbose_name_plural = _("search documents")
        ordering = ["key"]

    def __str__(self) -> str:
        return self.key


class PostingField(models.IntegerChoices):
    """What a row of the index speaks of."""

    TEXT = 1, _("words of the title and the text")
    MEMBERS = 2, _("words of the text for members")
    EXACT = 3, _("words as they are written")
    FACET = 4, _("values of facets")
    AUDIENCE = 5, _("audiences")
    DATE = 6, _("dates")


class PostingRow(models.Model):
    """The documents of one block that say a term, as ``engines.postings`` encodes them.

    There are two such tables, of which one is read while a rebuild fills the other.
    """

    pk = models.CompositePrimaryKey("field", "term", "block")
    field = models.PositiveSmallIntegerField(_("field"), choices=PostingField.choices)
    term = models.CharField(_("term"), max_length=TERM_LENGTH)
    block = models.PositiveIntegerField(_("block"))
    data = models.BinaryField(_("impacts by document"))

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.field} {self.term} {self.block}"


class EvenPosting(PostingRow):
    """The index of generations of an even number."""

    class Meta:
        verbose_name = _("entry of the search index (even)")
        verbose_name_plural = _("entries of the search index (even)")
        ordering = ["field", "term", "block"]


class OddPosting(PostingRow):
    """The index of generations of an odd number."""

    class Meta:
        verbose_name = _("entry of the search index (odd)")
        verbose_name_plural = _("entries of the search index (odd)")
        ordering = ["field", "term", "block"]


def postings_of(generation: int) -> type[EvenPosting] | type[OddPosting]:
    """Return the table that holds ``generation``."""
    return OddPosting if generation % 2 else EvenPosting


class IndexBlock(models.Model):
    """A block of documents and the stamp of its last change, by which processes know what they remember."""

    pk = models.CompositePrimaryKey("generation", "number")
    generation = models.PositiveIntegerField(_("generation"))
    number = models.PositiveIntegerField(_("number"))
    stamp = models.CharField(_("stamp"), max_length=32)

    class Meta:
        verbose_name = _("block of the search index")
        verbose_name_plural = _("blocks of the search index")
        ordering = ["generation", "number"]

    def __str__(self) -> str:
        return f"{self.generation}.{self.number}"


class VocabularyWord(models.Model):
    """A word that public text says, for completing and correcting what people type.

    Members' text gives none: a completion would tell it. ``word`` is folded, ``shown`` as it is
    written, ``documents`` says how many documents say it; at zero the word is gone.
    """

    word = models.CharField(_("word"), max_length=WORD_LENGTH, primary_key=True)
    beginning = models.CharField(_("beginning"), max_length=2, db_index=True)
    shown = models.CharField(_("as written"), max_length=WORD_LENGTH * 2)
    documents = models.IntegerField(_("documents"))

    class Meta:
        verbose_name = _("word of the vocabulary")
        verbose_name_plural = _("words of the vocabulary")
        ordering = ["word"]

    def __str__(self) -> str:
        return self.shown


class IndexTask(models.Model):
    """A document to look at again: written in the transaction of the change, gone once indexed."""

    #: A document that keeps failing is left for people to look at.
    MAX_ATTEMPTS = 5

    key = models.CharField(_("key"), max_length=120, db_index=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)

    class Meta:
        verbose_name = _("indexing task")
        verbose_name_plural = _("indexing tasks")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.key


class RemoteTask(models.Model):
    """A document to copy to an engine outside of the database, written with the projection's row."""

    key = models.CharField(_("key"), max_length=120, db_index=True)
    version = models.BigIntegerField(_("version"))
    created_at = models.DateTimeField(_("created"), default=timezone.now)

    class Meta:
        verbose_name = _("copy to make to the search engine")
        verbose_name_plural = _("copies to make to the search engine")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.key


class SynonymGroup(models.Model):
    """Words and expressions that search takes for one another; animators keep them in the admin."""

    words = models.TextField(
        _("words or expressions"),
        validators=[validate_synonyms],
        help_text=_("One a line, two at least: each also finds the others. “BPI” and “refugee”, for instance."),
    )
    note = models.CharField(
        _("note"), max_length=200, blank=True, help_text=_("For those who keep the list; shown nowhere else.")
    )

    class Meta:
        verbose_name = _("group of synonyms")
        verbose_name_plural = _("groups of synonyms")
        ordering = ["words"]

    def __str__(self) -> str:
        return " = ".join(self.expressions)

    @property
    def expressions(self) -> list[str]:
        """The expressions of the group, one by one."""
        return [line.strip() for line in self.words.splitlines() if line.strip()]


class UnansweredQuestion(models.Model):
    """A question that found nothing, for animators: the words, how often and when; never who asked.

    Only words that a public text or a synonym could have: what looks like a name, a number, an
    address is not kept (``services.note_unanswered``).
    """

    words = models.CharField(_("words"), max_length=120, unique=True)
    times = models.PositiveIntegerField(_("times asked"), default=1)
    first_day = models.DateField(_("asked first"))
    last_day = models.DateField(_("asked last"))

    class Meta:
        verbose_name = _("question without a result")
        verbose_name_plural = _("questions without a result")
        ordering = ["-times", "words"]

    def __str__(self) -> str:
        return self.words


class SavedSearch(models.Model):
    """A search that a member keeps, and is told of when something new meets it."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_searches", verbose_name=_("member")
    )
    text = models.CharField(_("words"), max_length=200, blank=True)
    chosen = models.JSONField(_("filters"), default=dict, blank=True)
    address = models.CharField(_("address"), max_length=1000)
    alerts = models.BooleanField(_("tell me of what is new"), default=True)
    created_at = models.DateTimeField(_("saved"), default=timezone.now)

    class Meta:
        verbose_name = _("saved search")
        verbose_name_plural = _("saved searches")
        ordering = ["-created_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["user", "address"], name="search_saved_once")]

    def __str__(self) -> str:
        return self.text or self.address


class FileText(models.Model):
    """The words of a file, taken out of it once, in the background; ``wanted_by`` is the document that says them."""

    name = models.CharField(_("file"), max_length=255, unique=True)
    storage = models.CharField(_("storage"), max_length=120)
    wanted_by = models.CharField(_("document"), max_length=120)
    text = models.TextField(_("text"), blank=True)
    extracted_at = models.DateTimeField(_("extracted"), null=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)

    class Meta:
        verbose_name = _("text of a file")
        verbose_name_plural = _("texts of files")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class NewDocument(models.Model):
    """A document that has just become findable, or found by more people: saved searches are tried on it."""

    key = models.CharField(_("key"), max_length=120, unique=True)
    since = models.DateTimeField(_("since"), default=timezone.now)

    class Meta:
        verbose_name = _("new document")
        verbose_name_plural = _("new documents")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.key
