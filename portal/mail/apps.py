from django.apps import AppConfig


class MailConfig(AppConfig):
    """Outgoing mail: what can be written to people, the outbox, its delivery."""

    name = "portal.mail"
    label = "mail"
    verbose_name = "Mail"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from portal.mail import checks  # noqa: F401 -- registers itself
