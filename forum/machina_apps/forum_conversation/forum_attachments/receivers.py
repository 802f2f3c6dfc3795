"""Stock machina leaves the file behind when its message is deleted."""

from functools import partial
from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver

from .models import Attachment


@receiver(post_delete, sender=Attachment, dispatch_uid="forum-attachment-file")
def delete_file(sender: type[Attachment], instance: Attachment, **kwargs: Any) -> None:
    """Delete the file of a deleted row, once that is committed."""
    if instance.file:
        transaction.on_commit(partial(instance.file.storage.delete, instance.file.name))
