"""Files that go with a message."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _
from machina.apps.forum_conversation.forum_attachments.abstract_models import AbstractAttachment

from portal.core.storage import private_storage


def attachment_path(attachment: models.Model, filename: str) -> str:
    """Return where a file is kept: a name that nobody guesses, and that says nothing of the file."""
    return f"forum/{uuid.uuid4().hex}"


class Attachment(AbstractAttachment):
    """A file of a message: in private storage, described once by its content, served by permission."""

    uid = models.UUIDField(_("public identifier"), default=uuid.uuid4, unique=True, editable=False)
    file = models.FileField(_("file"), upload_to=attachment_path, storage=private_storage)
    name = models.CharField(_("name"), max_length=120)
    format = models.CharField(_("format"), max_length=8)
    size = models.PositiveIntegerField(_("size in bytes"))
    sha256 = models.CharField(_("fingerprint"), max_length=64)

    class Meta(AbstractAttachment.Meta):
        app_label = "forum_attachments"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name
