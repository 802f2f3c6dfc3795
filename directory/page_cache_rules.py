"""Whose change renews which of the visitors' pages."""

from portal.core.areas import declare

declare(
    "directory",
    "directory.Organisation",
    "directory.OrganisationKind",
    "directory.FormerName",
    "directory.Network",
    "directory.OldAddress",
)
#: Changes of an account come from ``directory.signals``, which leaves sign-ins out.
declare("people", "directory.Profile", "directory.Skill", "directory.Membership")
