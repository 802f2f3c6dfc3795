"""Whose change renews which of the visitors' pages."""

from portal.core.areas import declare

declare("directory", "directory.Organisation", "directory.OrganisationKind", "directory.FormerName")
