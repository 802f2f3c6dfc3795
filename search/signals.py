"""What changes in the database, told to the index."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Model
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_save
from wagtail.models import Page, PageViewRestriction
from wagtail.signals import post_page_move

from search.indexing import request_indexing
from search.sources import sources, sources_of


def _affected_keys(instance: Model) -> Iterator[str]:
    """Yield the keys of ``instance`` itself and of what it changes."""
    for source in sources_of(type(instance)):
        yield source.key_of(instance.pk)
    label = instance._meta.label
    for source in sources:
        if label in source.related:
            for affected in source.affected_by(instance):
                yield source.key_of(affected.pk if isinstance(affected, Model) else affected)


def _on_save(sender: type[Model], instance: Model, created: bool = False, **kwargs: Any) -> None:
    may_wait = created and any(instance._meta.label in source.added_later for source in sources)
    request_indexing(_affected_keys(instance), at_once=not may_wait)


def _on_delete(sender: type[Model], instance: Model, **kwargs: Any) -> None:
    request_indexing(_affected_keys(instance))


def _on_m2m(
    sender: type[Model],
    instance: Model,
    action: str,
    reverse: bool,
    model: type[Model],
    pk_set: Iterable[Any] | None,
    **kwargs: Any,
) -> None:
    """Follow both sides of a relation; ``pre_clear`` sees the rows that ``post_clear`` no longer can."""
    if action.startswith("post_"):
        keys = list(_affected_keys(instance))
        keys += [source.key_of(pk) for source in sources_of(model) for pk in (pk_set or ())]
        request_indexing(keys)
    elif action == "pre_clear" and reverse:
        request_indexing(_cleared_keys(sender, instance, model))


def _cleared_keys(through: type[Model], instance: Model, model: type[Model]) -> Iterator[str]:
    described = sources_of(model)
    if not described:
        return
    here, there = (
        next(field.name for field in through._meta.concrete_fields if field.related_model is side)
        for side in (type(instance), model)
    )
    pks = list(through._default_manager.filter(**{here: instance.pk}).values_list(f"{there}_id", flat=True))
    for source in described:
        yield from (source.key_of(pk) for pk in pks)


def _touch_subtree(page: Page) -> None:
    """Have a page and everything below it indexed again: their addresses or their rights changed."""
    keys = []
    for source in sources:
        if issubclass(source.model_class, Page):
            pages = source.model_class._default_manager.filter(path__startswith=page.path)
            keys += [source.key_of(pk) for pk in pages.values_list("pk", flat=True)]
        keys += [source.key_of(pk) for pk in source.affected_below(page)]
    request_indexing(keys)


def _before_page_save(sender: type[Model], instance: Model, **kwargs: Any) -> None:
    """Remember the address of a page that has others below: Wagtail signals its change only at times."""
    if isinstance(instance, Page) and instance.pk and instance.numchild:
        before = Page.objects.filter(pk=instance.pk).values_list("url_path", flat=True).first()
        instance._search_url_path_before = before


def _on_page_save(sender: type[Model], instance: Model, **kwargs: Any) -> None:
    if instance.__dict__.pop("_search_url_path_before", None) not in {None, getattr(instance, "url_path", None)}:
        _touch_subtree(instance)


def _on_page_moved(sender: type[Page], instance: Page, **kwargs: Any) -> None:
    _touch_subtree(Page.objects.get(pk=instance.pk))


def _on_restriction(sender: type[PageViewRestriction], instance: PageViewRestriction, **kwargs: Any) -> None:
    _touch_subtree(instance.page)


def connect() -> None:
    """Listen to all models; called once at start-up."""
    post_save.connect(_on_save, dispatch_uid="search-save")
    post_delete.connect(_on_delete, dispatch_uid="search-delete")
    m2m_changed.connect(_on_m2m, dispatch_uid="search-m2m")
    pre_save.connect(_before_page_save, dispatch_uid="search-page-before-save")
    post_save.connect(_on_page_save, dispatch_uid="search-page-save")
    post_page_move.connect(_on_page_moved, dispatch_uid="search-page-move")
    for signal in (post_save, post_delete):
        signal.connect(_on_restriction, sender=PageViewRestriction, dispatch_uid="search-page-restriction")
