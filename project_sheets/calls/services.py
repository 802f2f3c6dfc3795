"""Writes of calls."""

from django.db import transaction
from django.db.models import F
from django.utils.text import slugify

from portal.accounts.models import User
from portal.moderation import journal
from project_sheets.models import Call, Wave


@transaction.atomic
def save_call(*, call: Call, by: User) -> Call:
    """Save a checked call with its waves, and give a new one its address; for the animators of its region."""
    is_new = call.pk is None
    if is_new:
        call.slug = _free_slug(call.title)
    else:
        # Out of the way first: numbers may change places, and the waves are written one by one.
        known = [wave.pk for wave in call.waves.all()]
        Wave.objects.filter(call_id=call.pk, pk__in=known).update(number=F("number") + 10_000)
    call.save()
    data = {"region_id": call.region_id}
    journal.record(action="sheets.create_call" if is_new else "sheets.edit_call", actor=by, target=call, data=data)
    return call


def _free_slug(title: str) -> str:
    # "nouveau" is the address of the form itself.
    wanted = slugify(title)[:100] or "appel"
    taken = {"nouveau", *Call.objects.filter(slug__startswith=wanted).values_list("slug", flat=True)}
    return next(slug for slug in (wanted, *(f"{wanted}-{n}" for n in range(2, 10_000))) if slug not in taken)
