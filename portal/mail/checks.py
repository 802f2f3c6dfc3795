"""What a declared message must be, checked where the French catalogue is loaded."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.utils import translation

from portal.mail.kinds import SUBJECT_LENGTH, MailKind, mail_kinds
from portal.mail.rendering import preview_mail


# Every message is rendered: too long for each command, right for the check before a release.
@register(Tags.templates, deploy=True)
def check_mail_kinds(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    """Report kinds with a subject that is too long, or that cannot be rendered with their sample."""
    return [problem for kind in mail_kinds for problem in _problems_of(kind)]


def _problems_of(kind: MailKind) -> list[CheckMessage]:
    with translation.override(settings.LANGUAGE_CODE):
        subject = str(kind.subject)
    problems: list[CheckMessage] = []
    # A subject with values is shortened when it is filled; one without is the developer's to shorten.
    if "%(" not in subject and len(subject) > SUBJECT_LENGTH:
        problems.append(
            Error(f"{kind.name}: its subject has {len(subject)} signs, {SUBJECT_LENGTH} at most", id="mail.E001")
        )
    try:
        preview_mail(kind)
    except Exception as error:  # noqa: BLE001 -- whatever a template or a sample raises is the finding
        problems.append(Error(f"{kind.name}: it cannot be rendered: {error!r}", id="mail.E002"))
    return problems
