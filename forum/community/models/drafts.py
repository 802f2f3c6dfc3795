"""What a person is writing, kept as they type."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from forum.machina_apps.forum_conversation.forum_attachments.models import attachment_path
from portal.core.storage import private_storage


class Draft(models.Model):
    """The text of a form that is not sent yet; ``key`` names the form: "question", "reply:12"."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("account"))
    key = models.CharField(max_length=40)
    values = models.JSONField(_("fields"), default=dict)
    updated_at = models.DateTimeField(_("kept on"), default=timezone.now)

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        ordering = ["-updated_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="one_draft_a_form")]

    def __str__(self) -> str:
        return self.key

    @staticmethod
    def key_of_answer(discussion_pk: int) -> str:
        """Return the key of the form of an answer in a discussion."""
        return f"reply:{discussion_pk}"


class DraftFile(models.Model):
    """A file chosen in a form that came back: nobody has to choose it twice."""

    draft = models.ForeignKey(Draft, models.CASCADE, related_name="files")
    file = models.FileField(_("file"), upload_to=attachment_path, storage=private_storage)
    name = models.CharField(_("name"), max_length=120)
    format = models.CharField(_("format"), max_length=8)
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField(_("fingerprint"), max_length=64)

    class Meta:
        verbose_name = _("file of a draft")
        verbose_name_plural = _("files of drafts")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name
