"""What a change of an account means to the directory."""

from typing import Any

from django.db.models import Model
from django.db.models.signals import post_delete, post_save

from directory.models import ClaimRequest, ImportJob, Profile
from portal.accounts.models import User

#: Written at every sign-in; nothing that people read depends on them.
SILENT_FIELDS = frozenset({"last_login", "password"})


def _on_account_saved(
    sender: type[User], instance: User, raw: bool = False, update_fields: Any = None, **kwargs: Any
) -> None:
    """Give every account its profile, and save it anew when a name, a function or an admission changes.

    The search index and the cached pages then follow the profile.
    """
    if raw or (update_fields and SILENT_FIELDS.issuperset(update_fields)):
        return
    profile = Profile.objects.filter(user=instance).first() or Profile()
    profile.user = instance
    profile.save()


def _on_photo_gone(sender: type[Profile], instance: Profile, **kwargs: Any) -> None:
    """Remove the file of a profile that is deleted."""
    if instance.photo:
        instance.photo.delete(save=False)


def _on_file_gone(sender: type[Model], instance: Any, **kwargs: Any) -> None:
    """Remove the file of a claim or of an import that is deleted."""
    file = instance.proof if isinstance(instance, ClaimRequest) else instance.file
    if file:
        file.delete(save=False)


def connect() -> None:
    """Listen to accounts and profiles; called once at start-up."""
    listened: tuple[tuple[Any, Any, type[Model]], ...] = (
        (post_save, _on_account_saved, User),
        (post_delete, _on_photo_gone, Profile),
        (post_delete, _on_file_gone, ClaimRequest),
        (post_delete, _on_file_gone, ImportJob),
    )
    for signal, receiver, model in listened:
        signal.connect(receiver, sender=model, dispatch_uid=f"directory-{receiver.__name__}-{model.__name__}")
