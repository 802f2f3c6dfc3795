"""Personal data of ProConnect."""

from django.utils.translation import gettext_lazy as _

from portal.accounts.personal_data import OnErasure, declare

declare(
    "socialaccount.SocialAccount",
    owner="user",
    purpose=_("The ProConnect identity that opens your account"),
    fields=("provider", "uid", "extra_data", "date_joined", "last_login"),
    on_erasure=OnErasure.DELETE,
)
declare(
    "proconnect.TrustedDomain",
    owner="added_by",
    purpose=_("Domains that you trusted"),
    fields=("domain", "added_at"),
    on_erasure=OnErasure.ANONYMISE,
)
