"""Who reads which editorial page: one rule for lists, feeds, the site map and search."""

from django.db.models import CharField, Exists, ExpressionWrapper, F, OuterRef
from wagtail.models import PageQuerySet, PageViewRestriction

from portal.accounts.rules import AnyUser, is_member


class VisiblePageQuerySet(PageQuerySet):
    """Reads of pages; every list starts from ``visible_to``."""

    def visible_to(self, user: AnyUser) -> "VisiblePageQuerySet":
        """Keep published pages under no view restriction; members also get those closed to visitors alone.

        Pages closed to a group or by a password are reached by their address, which Wagtail
        guards, and appear in no list.
        """
        return self.readable(by_members=is_member(user))

    def readable(self, *, by_members: bool) -> "VisiblePageQuerySet":
        """Keep what any member, or any visitor, may read."""
        path = ExpressionWrapper(OuterRef("path"), output_field=CharField())
        closed = PageViewRestriction.objects.annotate(below=path).filter(below__startswith=F("page__path"))
        if by_members:
            closed = closed.exclude(restriction_type=PageViewRestriction.LOGIN)
        return self.live().filter(~Exists(closed))
