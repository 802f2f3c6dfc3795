"""A page of resource, drafted from a discussion that was settled."""

import re
from dataclasses import dataclass
from html import unescape
from typing import Any

import nh3
from django.db import transaction
from django.utils.html import strip_tags

from forum.community.models import Citation, Discussion
from forum.community.services.news import tell_draft
from portal.accounts.models import User
from portal.content.models import ResourceIndexPage, ResourcePage
from portal.core.markdown import render_markdown
from portal.moderation.journal import record

#: What the editor of pages keeps of a paragraph; headings are blocks of their own there.
PARAGRAPH_TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "a"}
_HEADING = re.compile(r"<(h[234])>(.*?)</\1>", re.DOTALL)


@dataclass(frozen=True)
class ResourceDraft:
    """What an animator keeps of a discussion: ``kind`` is one of ResourceKind, ``text`` is Markdown."""

    title: str
    kind: str
    summary: str
    text: str


@transaction.atomic
def draft_resource(*, discussion: Discussion, by: User, draft: ResourceDraft) -> ResourcePage:
    """Make an unpublished page of resource that administrators read, finish and publish; they are told.

    The caller has checked that ``by`` moderates the discussion, which is linked to the page: once that is
    published, each leads to the other. Raises ResourceIndexPage.DoesNotExist where the portal has no list of
    resources.
    """
    page = ResourcePage(
        title=draft.title,
        kind=draft.kind,
        summary=draft.summary,
        body=[*_blocks_of(render_markdown(draft.text))],
        live=False,
        owner=by,
    )
    ResourceIndexPage.objects.get().add_child(instance=page)
    theme = discussion.topic.forum.space.theme
    if theme is not None:
        page.themes = [theme]
    page.save_revision(user=by, log_action="wagtail.create")
    Citation.objects.create(topic=discussion.topic, key=f"resource:{page.pk}", linked_by=by)
    record(
        action="forum.resource", actor=by, target=discussion, data={"region_id": discussion.region_id, "page": page.pk}
    )
    tell_draft(page=page, by=by)
    return page


def _blocks_of(rendered: str) -> list[tuple[str, Any]]:
    """Return the blocks of a page for rendered Markdown: each heading, and the paragraphs between them."""
    first, *rest = _HEADING.split(rendered)
    blocks = _paragraph(first)
    for level, heading, text in zip(rest[::3], rest[1::3], rest[2::3], strict=True):
        if title := unescape(strip_tags(heading)).strip():
            blocks.append(("heading", {"text": title[:120], "level": level}))
        blocks += _paragraph(text)
    return blocks


def _paragraph(html: str) -> list[tuple[str, Any]]:
    kept = nh3.clean(html, tags=PARAGRAPH_TAGS, attributes={"a": {"href"}}, link_rel=None).strip()
    return [("paragraph", kept)] if kept else []
