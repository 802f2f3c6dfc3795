"""Which changes make the cached pages of the agenda stale.

Places change with each registration and stand on the page of one event alone: lists and calendars
are not rendered anew for them.
"""

from portal.core.areas import declare

declare(
    "agenda",
    "agenda.Event",
    "agenda.Organiser",
    "agenda.SessionPlan",
    "agenda.Subject",
    "agenda.Contribution",
    "agenda.Question",
    "agenda.EventDocument",
    "agenda.Occurrence",
)
declare("places", "agenda.Session")
