"""Project sheets: their leads, their journal, invitations, corrections, lists read in."""

from portal.accounts.models import User
from project_sheets.models import LaureateImport, SheetCorrection, SheetEvent, SheetInvitation
from project_sheets.services import add_lead
from tests.accounts.data_rights.records.base import MARKER, Makers
from tests.factories import CallFactory, SheetFactory, UserFactory


def _correction(user: User) -> SheetCorrection:
    # One as a visitor, before there was an account.
    SheetCorrection.objects.create(sheet=SheetFactory(), email=user.email.upper(), text="La date de début a changé.")
    return SheetCorrection.objects.create(
        sheet=SheetFactory(), author=user, email=user.email, text="La date de fin a changé."
    )


def _event(user: User) -> SheetEvent:
    sheet = SheetFactory()
    # The journal names whoever another person has put aside.
    SheetEvent.objects.create(sheet=sheet, by=UserFactory(), kind="lead_left", text=str(user))
    return SheetEvent.objects.create(sheet=sheet, by=user, kind="archived", text="Le projet est terminé.")


MAKERS: Makers = {
    "project_sheets.LaureateImport": lambda user: LaureateImport.objects.create(
        call=CallFactory(), owner=user, file_name=f"{MARKER}.csv", lines=[{"holder": MARKER}]
    ),
    "project_sheets.SheetCorrection": _correction,
    "project_sheets.SheetEvent": _event,
    "project_sheets.SheetInvitation": lambda user: SheetInvitation.objects.create(
        sheet=SheetFactory(), email=user.email.upper(), invited_by=UserFactory()
    ),
    "project_sheets.SheetLead": lambda user: add_lead(sheet=SheetFactory(), user=user),
}
