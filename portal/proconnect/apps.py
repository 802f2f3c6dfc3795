from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProConnectConfig(AppConfig):
    name = "portal.proconnect"
    label = "proconnect"
    verbose_name = _("ProConnect")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from allauth.socialaccount.signals import social_account_added

        from portal.proconnect.notices import on_linked

        social_account_added.connect(on_linked, dispatch_uid="proconnect-linked")
