"""Personal data of the agenda."""

from django.utils.translation import gettext_lazy

from agenda.services.privacy import forget_participant
from portal.accounts.personal_data import OnErasure, declare, declare_cleaning

declare(
    "agenda.Registration",
    owner="user",
    purpose=gettext_lazy("Your registrations to events"),
    fields=("session", "attending", "state", "answers", "created_at", "attendance", "checked_in_at"),
    on_erasure=OnErasure.ANONYMISE,
)
declare(
    "agenda.Guest",
    owner="email",
    by_email=True,
    purpose=gettext_lazy("Your address as a guest of events"),
    fields=("email", "registrations"),
    on_erasure=OnErasure.DELETE,
)
declare(
    "agenda.Invitee",
    owner="email",
    by_email=True,
    purpose=gettext_lazy("Events to which you are invited"),
    fields=("event", "email"),
    on_erasure=OnErasure.DELETE,
)
declare(
    "agenda.RegistrationLog",
    owner="actor",
    purpose=gettext_lazy("What you decided about registrations"),
    fields=("registration", "state", "at"),
    on_erasure=OnErasure.ANONYMISE,
)
declare(
    "agenda.Feedback",
    owner="registration__user",
    purpose=gettext_lazy("Your opinions on events where you were"),
    fields=("rating", "liked", "to_improve", "given_at"),
    on_erasure=OnErasure.ANONYMISE,
)
declare(
    "agenda.Event",
    owner="created_by",
    purpose=gettext_lazy("Events that you created"),
    fields=("title", "created_at"),
    on_erasure=OnErasure.ANONYMISE,
)
declare(
    "agenda.CalendarKey",
    owner="user",
    purpose=gettext_lazy("The address of your calendar"),
    fields=("created_at",),
    on_erasure=OnErasure.DELETE,
)
declare_cleaning("agenda", forget_participant)
