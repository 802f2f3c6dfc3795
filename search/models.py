"""The projection of everything that can be found, its index, and the outbox that feeds them."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from search.analysis import TERM_LENGTH
from search.enums import PUBLIC


class IndexState(models.Model):
    """Which generation of the index is read, and which one a rebuild is writing; a single row."""

    live_generation = models.PositiveIntegerField(_("generation read"), default=1)
    building_generation = models.PositiveIntegerField(_("generation being built"), null=True)

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
    """Reads of the projection; every search starts from ``readable_with``."""

    def live(self) -> "SearchDocumentQuerySet":
        """Keep the generation that is read."""
        return self.filter(generation=models.Subquery(IndexState.objects.filter(pk=1).values("live_generation")))

    def readable_with(self, tokens: frozenset[str]) -> "SearchDocumentQuerySet":
        """Keep the documents whose audience shares a token with ``tokens``."""
        others = sorted(tokens - {PUBLIC})
        if not others:
            return self.live().filter(is_public=True)
        held = DocumentAudience.objects.filter(document_id=models.OuterRef("pk"), token__in=others)
        return self.live().filter(models.Q(is_public=True) | models.Q(models.Exists(held)))


class SearchDocument(models.Model):
    """A thing that can be found, as its app describes it to search.

    ``body`` belongs to the whole audience; ``members_body`` is searched and shown for members
    alone. ``themes`` and ``territories`` are facet values separated by spaces.
    """

    key = models.CharField(_("key"), max_length=120)
    kind = models.CharField(_("kind"), max_length=40)
    generation = models.PositiveIntegerField(_("generation"))
    is_public = models.BooleanField(_("public"))
    weight = models.FloatField(_("weight"), default=1.0)
    date = models.DateField(_("date"), null=True)
    title_length = models.PositiveIntegerField(_("words of the title"))
    body_length = models.PositiveIntegerField(_("words of the text"))
    members_length = models.PositiveIntegerField(_("words of the text for members"))
    themes = models.TextField(_("themes"), blank=True)
    territories = models.TextField(_("territories"), blank=True)
    # Long texts come last: SQLite reads through them to reach what follows, and ranking reads the rest.
    digest = models.CharField(_("digest"), max_length=64)
    url = models.CharField(_("address"), max_length=500)
    breadcrumb = models.CharField(_("breadcrumb"), max_length=300, blank=True)
    title = models.CharField(_("title"), max_length=300)
    summary = models.TextField(_("summary"), blank=True)
    body = models.TextField(_("text"), blank=True)
    members_body = models.TextField(_("text for members"), blank=True)

    objects = SearchDocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("search document")
        verbose_name_plural = _("search documents")
        ordering = ["key"]
        constraints = [models.UniqueConstraint(fields=["generation", "key"], name="search_document_key_once")]

    def __str__(self) -> str:
        return self.key


class DocumentAudience(models.Model):
    """A token that opens a document which is not public."""

    document = models.ForeignKey(SearchDocument, models.CASCADE, related_name="audience", verbose_name=_("document"))
    token = models.CharField(_("token"), max_length=80)

    class Meta:
        verbose_name = _("audience of a search document")
        verbose_name_plural = _("audiences of search documents")
        ordering = ["document", "token"]
        constraints = [models.UniqueConstraint(fields=["document", "token"], name="search_document_token_once")]

    def __str__(self) -> str:
        return self.token


class Posting(models.Model):
    """How often a document says a word: in its title, its text, its text for members.

    BM25 over these rows ranks alike on SQLite and PostgreSQL, whose own rank knows no IDF.
    """

    document = models.ForeignKey(SearchDocument, models.CASCADE, related_name="postings", verbose_name=_("document"))
    term = models.CharField(_("term"), max_length=TERM_LENGTH + 1)
    title_count = models.PositiveIntegerField(_("in the title"))
    body_count = models.PositiveIntegerField(_("in the text"))
    members_count = models.PositiveIntegerField(_("in the text for members"))

    class Meta:
        verbose_name = _("entry of the search index")
        verbose_name_plural = _("entries of the search index")
        ordering = ["term", "document"]
        indexes = [
            # Covers the query of a search: the table itself is not read.
            models.Index(
                fields=["term", "document", "title_count", "body_count", "members_count"], name="search_posting_by_term"
            )
        ]

    def __str__(self) -> str:
        return self.term


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
