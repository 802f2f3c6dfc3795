"""The certificate of attendance, as a tagged PDF."""

from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from agenda.models import Registration
from agenda.wording import place, session_title, session_when
from portal.core.dates import format_day
from portal.core.pdf import render_pdf

STYLE = Path(__file__).parent / "data" / "certificate.css"


def certificate_pdf(registration: Registration) -> bytes:
    """Return the certificate of somebody who was there: name, what, when, where, by whom.

    Raises PdfUnavailableError where the machine cannot make PDF documents.
    """
    session = registration.session
    event = session.occurrence.event
    minutes = int((session.ends_at - session.starts_at).total_seconds() // 60) if session.ends_at else 0
    context = {
        "registration": registration,
        "title": session_title(session),
        "when": session_when(session),
        "place": place(session.occurrence, registration.attending),
        "hours": f"{minutes // 60} h {minutes % 60:02d}",
        "organisers": [row.organisation.name for row in event.organisers.filter(role="organise")],
        "portal_name": settings.PORTAL_NAME,
        "today": format_day(timezone.localdate()),
    }
    html = render_to_string("agenda/certificate.html", context)
    return render_pdf(html, stylesheet=STYLE.read_text(encoding="utf-8"), assets={})
