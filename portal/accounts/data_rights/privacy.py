"""Personal data of the data rights themselves, and of the mails that were sent."""

from django.utils.translation import gettext_lazy as _

from portal.accounts.data_rights import cleanings
from portal.accounts.personal_data import OnErasure, declare, declare_cleaning

declare(
    "data_rights.Consent",
    owner="user",
    purpose=_("What you agreed to"),
    fields=("subject", "version", "given_at", "withdrawn_at"),
    on_erasure=OnErasure.DELETE,
)
declare(
    "data_rights.DataExport",
    owner="user",
    purpose=_("Copies of your data"),
    # The copy itself is not copied into the next one.
    fields=("asked_at", "ready_at", "expires_at", "size"),
    on_erasure=OnErasure.DELETE,
)
declare(
    "data_rights.ErasureRequest",
    owner="user",
    purpose=_("Your request to leave"),
    fields=("asked_at", "due_at"),
    on_erasure=OnErasure.DELETE,
)
declare(
    "data_rights.InactivityNotice",
    owner="user",
    purpose=_("Warnings about your inactivity"),
    fields=("counted_from", "first_at", "second_at"),
    on_erasure=OnErasure.DELETE,
)
declare(
    "data_rights.Departure",
    owner="user",
    purpose=_("The day on which your account was deleted"),
    fields=("reason", "left_at"),
    on_erasure=OnErasure.ANONYMISE,
)
declare(
    "mail.OutboxMessage",
    owner="to",
    by_email=True,
    purpose=_("Mails that the portal sent you"),
    # Without their text: it may hold a link that signs in.
    fields=("kind", "to", "subject", "created_at", "sent_at", "status"),
    on_erasure=OnErasure.DELETE,
)
declare(
    "mail.AddressMark",
    owner="address",
    by_email=True,
    purpose=_("Mails that came back from your address"),
    fields=("address", "reason", "detail", "marked_at", "lifted_at"),
    on_erasure=OnErasure.DELETE,
)
declare_cleaning("outbox", cleanings.forget_mails_about)
declare_cleaning("journals", cleanings.forget_names_in_journals)
