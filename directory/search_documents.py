"""What can be found of the directory."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from directory.enums import SEEN_BY_MEMBERS, SEEN_BY_VISITORS, Visibility
from directory.models import FormerName, Membership, Network, Organisation, OrganisationKind, Profile
from directory.people import MemberPresentation, present_for, with_member_details
from portal.taxonomy.models import Theme
from search import api


@api.register
class OrganisationSource(api.DocumentSource):
    """Organisations, found by their acronym, its expansion and their other names too."""

    model = "directory.Organisation"
    kind = "organisation"
    label = _("Organisation")
    related = ("directory.FormerName", "directory.Network", "directory.OrganisationKind", "taxonomy.Theme")

    def queryset(self) -> QuerySet[Organisation]:
        """Return every organisation that was not merged into another; the audience says who may find it."""
        return (
            Organisation.objects.filter(merged_into=None)
            .select_related("kind", "seat__region", "seat__department")
            .prefetch_related(
                "other_names",
                "themes__parent",
                "audiences",
                "networks",
                "territories__region",
                "territories__department",
            )
        )

    def to_document(self, obj: Organisation) -> api.Document:
        """Describe an organisation; one that is not listed is for administrators."""
        themes, territories = list(obj.themes.all()), list(obj.territories.all())
        named = [*themes, *obj.audiences.all(), *obj.networks.all(), *territories, *obj.other_names.all(), obj.kind]
        acronym = f"{obj.name} ({obj.acronym})" if obj.acronym and obj.acronym not in obj.name else obj.name
        return self.document(
            obj,
            title=acronym,
            url=obj.get_absolute_url(),
            summary=obj.acronym_expansion,
            body=api.text_of_markdown(obj.description),
            keywords=" \n".join([*(str(one.name) for one in named), str(obj.seat or "")]),
            themes=api.theme_keys(themes),
            territories=api.territory_keys([*territories, *([obj.seat] if obj.seat else [])]),
            audience=frozenset({api.PUBLIC if obj.is_listed else api.ADMINISTRATORS}),
            breadcrumb=str(obj.kind),
        )

    def affected_by(self, instance: Any) -> Iterable[Any]:
        """Follow the other names, and the names of kinds and themes."""
        if isinstance(instance, FormerName):
            return [instance.organisation_id]
        if isinstance(instance, Network):
            return Organisation.objects.filter(networks=instance).values_list("pk", flat=True)
        if isinstance(instance, OrganisationKind):
            return Organisation.objects.filter(kind=instance).values_list("pk", flat=True)
        if isinstance(instance, Theme):
            return Organisation.objects.filter(themes=instance).values_list("pk", flat=True)
        return ()


@api.register
class MemberSource(api.DocumentSource):
    """Members: found by everyone where they show their name to everyone, by members alone otherwise."""

    model = "directory.Profile"
    kind = "member"
    label = _("Member")
    related = ("directory.Membership", "directory.Organisation", "directory.Skill", "taxonomy.Theme")

    def queryset(self) -> QuerySet[Profile]:
        """Return the members who let the others find them."""
        return with_member_details(Profile.objects.listed())

    def to_document(self, obj: Profile) -> api.Document:
        """Describe a member through the one rule of profiles, part by part."""
        is_public = obj.name_visibility == Visibility.PUBLIC
        by_members = present_for(obj, SEEN_BY_MEMBERS)
        shown = present_for(obj, SEEN_BY_VISITORS) if is_public else by_members
        return self.document(
            obj,
            title=shown.name,
            url=obj.get_absolute_url(),
            summary=shown.job_title,
            body=_words_of(shown),
            members_body=_words_of(by_members) if is_public else "",
            themes=api.theme_keys(shown.themes),
            territories=api.territory_keys(shown.territories),
            audience=frozenset({api.PUBLIC if is_public else api.MEMBERS}),
        )

    def affected_by(self, instance: Any) -> Iterable[Any]:
        """Follow places in organisations, and the names of what a profile shows."""
        if isinstance(instance, Membership):
            return Profile.objects.filter(user=instance.user_id).values_list("pk", flat=True)
        if isinstance(instance, Organisation):
            return Profile.objects.filter(user__memberships__organisation=instance).values_list("pk", flat=True)
        if isinstance(instance, Theme):
            return Profile.objects.filter(themes=instance).values_list("pk", flat=True)
        return Profile.objects.filter(skills=instance).values_list("pk", flat=True)


def _words_of(member: MemberPresentation) -> str:
    """Return what the body of a member's document says; how to reach them is not searched."""
    parts = [
        member.job_title,
        api.text_of_markdown(member.presentation),
        *(skill.name for skill in member.skills),
        *(place.organisation.name for place in member.organisations),
        *(theme.name for theme in member.themes),
        *(territory.name for territory in member.territories),
    ]
    return "\n".join(part for part in parts if part)
