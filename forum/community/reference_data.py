"""The spaces every portal starts with: one for each theme."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from forum.community.enums import RESERVED_SLUGS
from forum.community.models import Space
from forum.community.services.spaces import open_space
from portal.taxonomy.models import Theme
from portal.taxonomy.reference import LOADERS, LoadContext, ReferenceLoader


def load_spaces(context: LoadContext) -> None:
    """Open the space of each theme that has none, those of the first level first."""
    added = 0
    themes = Theme.objects.select_related("parent")
    for theme in sorted(themes, key=lambda theme: (theme.parent_id is not None, theme.order, theme.name)):
        if Space.objects.filter(theme=theme).exists():
            continue
        above = Space.objects.filter(theme=theme.parent).first() if theme.parent else None
        slug = f"theme-{theme.slug}" if theme.slug in RESERVED_SLUGS else theme.slug
        if Space.objects.filter(slug=slug).exists():
            continue
        open_space(name=theme.name, slug=slug, description=theme.description, parent=above, theme=theme)
        added += 1
    counts = {"added": added, "present": Space.objects.count() - added}
    context.say(_("  %(added)d added, %(present)d already there") % counts)


LOADERS.register("forum_spaces", ReferenceLoader(gettext_lazy("Spaces of the forum"), 70, load_spaces))
