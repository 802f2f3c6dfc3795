"""Addresses of files, on disk and in an S3-compatible storage."""

import pytest

from portal.core.s3 import PrivateS3Storage, PublicS3Storage
from portal.core.storage import PrivateFileSystemStorage


def test_public_files_have_the_portal_s_own_address() -> None:
    assert PublicS3Storage(bucket_name="portail").url("images/a.webp") == "/media/images/a.webp"


@pytest.mark.parametrize("storage", [PrivateFileSystemStorage(location="x"), PrivateS3Storage(bucket_name="portail")])
def test_private_files_have_none(storage: PrivateFileSystemStorage | PrivateS3Storage) -> None:
    with pytest.raises(ValueError, match="accessible"):
        storage.url("a.pdf")
