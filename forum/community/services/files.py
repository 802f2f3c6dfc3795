"""Files of drafts and messages: checked before they come here, kept once, deleted with what they belong to."""

from collections.abc import Iterable
from functools import partial

from django.core.files.base import File
from django.db import transaction

from forum.community.models import Draft, DraftFile
from forum.machina_apps.forum_conversation.forum_attachments.models import Attachment
from forum.machina_apps.forum_conversation.models import Post
from portal.core.uploads import describe_upload


def keep_file(*, draft: Draft, upload: File) -> DraftFile:
    """Keep a checked file with a draft; the same content twice is kept once."""
    described = describe_upload(upload)
    known = draft.files.filter(sha256=described.sha256).first()
    if known is not None:
        return known
    row = DraftFile(
        draft=draft,
        name=(upload.name or "fichier").replace("\\", "/").rsplit("/", 1)[-1][-120:],
        format=described.format,
        size=described.size,
        sha256=described.sha256,
    )
    row.file.save("file", upload, save=False)
    row.save()
    return row


def drop_files(files: Iterable[DraftFile]) -> None:
    """Delete files of a draft, once that is committed."""
    for row in files:
        transaction.on_commit(partial(row.file.storage.delete, str(row.file.name)))
        row.delete()


def attach(*, post: Post, files: Iterable[DraftFile]) -> None:
    """Give the files of a draft to a message: the stored file stays, its row changes tables."""
    for row in list(files):
        Attachment.objects.create(
            post=post, file=row.file.name, name=row.name, format=row.format, size=row.size, sha256=row.sha256
        )
        row.delete()


def detach(*, attachment: Attachment) -> None:
    """Take a file away from its message; the stored file goes with its row."""
    attachment.delete()
