"""Messages of the contact form."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.content.enums import ContactStatus, ContactSubject


class ContactMessage(models.Model):
    """A message to the team, kept before it is sent so that a broken mail server loses nothing."""

    uid = models.UUIDField(_("identifier of the form"), default=uuid.uuid4, unique=True, editable=False)
    subject = models.CharField(_("subject"), max_length=16, choices=ContactSubject.choices)
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail address"))
    organisation = models.CharField(_("organisation"), max_length=160, blank=True)
    message = models.TextField(_("message"), max_length=5_000)
    created_at = models.DateTimeField(_("received"), auto_now_add=True)
    status = models.CharField(_("status"), max_length=8, choices=ContactStatus.choices, default=ContactStatus.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0, editable=False)

    class Meta:
        verbose_name = _("contact message")
        verbose_name_plural = _("contact messages")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_subject_display()} – {self.name}"
