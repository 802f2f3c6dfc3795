"""Writes on sheets and regions."""

from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from portal.accounts.models import User
from portal.accounts.services import create_region_team
from portal.taxonomy.models import Territory
from project_sheets.models import ProjectSheetPage, ProjectsIndexPage, RegionIndexPage, SheetLead

PAGE_RIGHTS = ("add_page", "change_page", "publish_page", "lock_page", "unlock_page")
COLLECTION_RIGHTS = (
    ("wagtailimages", "add_image"),
    ("wagtailimages", "choose_image"),
    ("wagtaildocs", "add_document"),
    ("wagtaildocs", "choose_document"),
)


@transaction.atomic
def open_region(*, index: ProjectsIndexPage, territory: Territory, slug: str) -> RegionIndexPage:
    """Return the region's page, created with its team's rights and its review workflow.

    The team's group gets rights on this page and below only; a sheet submitted there waits for
    that group's approval. Safe to call again. For administrators and set-up code.
    """
    page = RegionIndexPage.objects.filter(territory=territory).first()
    if page is None:
        page = index.add_child(instance=RegionIndexPage(title=territory.name, slug=slug, territory=territory))
    team = create_region_team(territory=territory)
    for codename in PAGE_RIGHTS:
        permission = Permission.objects.get(content_type__app_label="wagtailcore", codename=codename)
        GroupPagePermission.objects.get_or_create(group=team.group, page=page, permission=permission)
    root = Collection.get_first_root_node()
    collection = Collection.objects.filter(name=team.group.name).first() or root.add_child(name=team.group.name)
    for app_label, codename in COLLECTION_RIGHTS:
        permission = Permission.objects.get(content_type__app_label=app_label, codename=codename)
        GroupCollectionPermission.objects.get_or_create(group=team.group, collection=collection, permission=permission)
    _set_review_workflow(page, team.group)
    return page


def _set_review_workflow(page: RegionIndexPage, group: Group) -> None:
    """Make a sheet submitted under ``page`` wait for the region's group."""
    if WorkflowPage.objects.filter(page=page).exists():
        return
    task, _created = GroupApprovalTask.objects.get_or_create(name=group.name)
    task.groups.set([group])
    workflow, _created = Workflow.objects.get_or_create(name=group.name)
    WorkflowTask.objects.get_or_create(workflow=workflow, task=task, defaults={"sort_order": 0})
    WorkflowPage.objects.create(page=page, workflow=workflow)


def note_regions(**kwargs: Any) -> None:
    """Write anew in which region each sheet stands; called when pages were moved.

    Wagtail moves bare pages, without saving the sheets among them.
    """
    for region in RegionIndexPage.objects.only("path", "territory_id"):
        moved = ProjectSheetPage.objects.filter(path__startswith=region.path).exclude(region_id=region.territory_id)
        moved.update(region_id=region.territory_id)


@transaction.atomic
def add_lead(*, sheet: ProjectSheetPage, user: User) -> SheetLead:
    """Make ``user`` look after ``sheet``; safe to call again. For leads and animators."""
    lead, _created = SheetLead.objects.get_or_create(sheet=sheet, user=user)
    return lead
