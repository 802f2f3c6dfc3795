"""What the directory tells people on the site, and what of it they may follow: organisations and members.

Claims and corrections have mails of their own, with the reason or the words of the reader
(``mails.py``, queued in ``claims.services``): the ledger tells them on the site alone. Whether an old
page is still right is asked by the ledger itself, with a link that confirms it.
"""

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from directory.enums import ClaimState
from directory.freshness.rules import STILL_RIGHT, still_right_group
from directory.models import ClaimRequest, Correction, Organisation, Profile
from directory.selectors import deciders_for, managers_of, organisation_ids_managed_by
from directory.tokens import freshness_token
from portal.accounts.models import User
from portal.accounts.rules import is_animator
from portal.core.addresses import absolute_of
from portal.core.dates import format_day
from portal.notifications.enums import Rhythm
from portal.notifications.follows import declare_followable
from portal.notifications.kinds import NotificationKind, Recipient, Telling, declare
from portal.notifications.models import Event


def claim_group(claim: ClaimRequest) -> str:
    """Return what groups the news of a claim: reading its page marks them all as read."""
    return f"directory.claim:{claim.pk}"


def _claim_deciders(event: Event) -> Iterator[Recipient]:
    """Yield the animators of the claim's region, or the administrators where it has none."""
    yield from (Recipient(user.pk) for user in deciders_for(event.about.region_id))


def _tell_claim(event: Event, user: User) -> Telling | None:
    waiting = ClaimRequest.objects.visible_to(user).awaiting().select_related("organisation")
    claim = waiting.filter(pk=event.object_id).first()
    if claim is None:
        return None
    name = claim.organisation.name
    title = _("To decide: who manages %(organisation)s?") % {"organisation": name}
    return Telling(title, reverse("directory_animation:claim", args=[claim.uid]), claim_group(claim), name)


def _claimant(event: Event) -> Iterator[Recipient]:
    yield Recipient(event.about.user_id)


def _tell_decision(event: Event, user: User) -> Telling | None:
    claim = ClaimRequest.objects.filter(pk=event.object_id, user=user).select_related("organisation").first()
    if claim is None or claim.is_awaiting:
        return None
    name = claim.organisation.name
    if claim.state == ClaimState.APPROVED:
        title, url = _("You now manage %(organisation)s"), reverse("my_directory:organisations")
    else:
        title, url = _("Your request to manage %(organisation)s is refused"), claim.organisation.get_absolute_url()
    return Telling(title % {"organisation": name}, url, claim_group(claim), name)


def _correction_readers(event: Event) -> Iterator[Recipient]:
    """Yield the managers, or the region's animators where there is none: those whom a mail tells, too."""
    organisation = event.about.organisation
    managers = managers_of(organisation)
    reason = _("You manage %(organisation)s on the portal.") % {"organisation": organisation.name}
    yield from (Recipient(user.pk, reason) for user in managers)
    if not managers:
        yield from (Recipient(user.pk) for user in deciders_for(event.about.region_id))


def _tell_correction(event: Event, user: User) -> Telling | None:
    correction = Correction.objects.open().filter(pk=event.object_id).select_related("organisation").first()
    if correction is None:
        return None
    if organisation_ids_managed_by(user).filter(organisation=correction.organisation).exists():
        url = reverse("my_directory:organisations")
    elif Correction.objects.visible_to(user).filter(pk=correction.pk).exists():
        url = reverse("directory_animation:corrections")
    else:
        return None
    name = correction.organisation.name
    title = _("A reader suggests a correction to %(organisation)s") % {"organisation": name}
    return Telling(title, url, f"directory.corrections:{correction.organisation_id}", name)


def _managers(event: Event) -> Iterator[Recipient]:
    """Yield who manages the organisation."""
    reason = _("You manage %(organisation)s on the portal.") % {"organisation": event.about.name}
    yield from (Recipient(user.pk, reason) for user in managers_of(event.about))


def _ask_whether_still_right(event: Event, user: User) -> Telling | None:
    """Ask a manager of a page; nothing once somebody has confirmed it, or where it is not listed any more."""
    listed = Organisation.objects.visible_to(user).filter(is_listed=True)
    organisation = listed.filter(pk=event.object_id, pk__in=organisation_ids_managed_by(user)).first()
    if organisation is None or str(organisation.confirmed_at) != event.data.get("since"):
        return None
    name, day = organisation.name, format_day(timezone.localdate(organisation.confirmed_at))
    asked = _("The page of %(organisation)s was last confirmed on %(day)s. Is all that it says still right?")
    how = _("If so, one click is enough, without signing in. If something has changed, you can correct it at once.")
    page = _("The page: %(page)s") % {"page": absolute_of("directory:organisation", organisation.slug)}
    return Telling(
        _("Page to confirm: %(organisation)s") % {"organisation": name},
        reverse("my_directory:organisations"),
        still_right_group(organisation.pk),
        name,
        text="\n\n".join([asked % {"organisation": name, "day": day}, how, page]),
        mail_url=reverse("directory:confirm", args=[freshness_token(organisation)]),
    )


declare_followable(
    "directory.Organisation",
    label=gettext_lazy("Organisation"),
    visible=Organisation.objects.visible_to,
    url=Organisation.get_absolute_url,
)
declare_followable(
    "directory.Profile",
    label=gettext_lazy("Member"),
    visible=Profile.objects.visible_to,
    url=Profile.get_absolute_url,
)
declare(
    NotificationKind(
        key="directory.claim",
        label=gettext_lazy("Somebody asks to manage an organisation"),
        reason=gettext_lazy("You animate the region of this organisation."),
        audience=_claim_deciders,
        telling=_tell_claim,
        default=Rhythm.NEVER,
        mailed_elsewhere=True,
        visible=ClaimRequest.objects.visible_to,
        concerns=is_animator,
    )
)
declare(
    NotificationKind(
        key="directory.claim_decided",
        label=gettext_lazy("What became of my request to manage an organisation"),
        reason=gettext_lazy("You asked to manage this organisation."),
        audience=_claimant,
        telling=_tell_decision,
        default=Rhythm.NEVER,
        mailed_elsewhere=True,
    )
)
declare(
    NotificationKind(
        key="directory.correction",
        label=gettext_lazy("A reader suggests a correction"),
        reason=gettext_lazy("You animate the region of this organisation."),
        audience=_correction_readers,
        telling=_tell_correction,
        default=Rhythm.NEVER,
        mailed_elsewhere=True,
    )
)
declare(
    NotificationKind(
        key=STILL_RIGHT,
        label=gettext_lazy("A page of my organisation to confirm"),
        reason=gettext_lazy("You manage this organisation on the portal."),
        audience=_managers,
        telling=_ask_whether_still_right,
        default=Rhythm.NOW,
        mail="directory.confirm_page",
    )
)
