"""Documents made in advance, so that no reader waits for them."""

from django_tasks import task

from portal.core.pdf import pdf_is_available
from project_sheets.pdf.documents import Version, forget_documents, kept_document
from project_sheets.selectors import published_sheet


@task()
def make_documents(sheet_id: int, uid: str) -> bool:
    """Make the documents of a published sheet; those of one that is not are deleted. False where none was made."""
    public = published_sheet(sheet_id, with_members_part=False)
    members = published_sheet(sheet_id, with_members_part=True)
    if public is None or members is None:
        forget_documents(uid)
        return False
    if not pdf_is_available():
        return False
    for version, sheet in ((Version.PUBLIC, public), (Version.MEMBERS, members), (Version.POSTER, public)):
        kept_document(sheet, version)
    return True
