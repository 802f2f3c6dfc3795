"""Background work of accounts.

A page that takes an address only leaves a task, whatever the address: whether it has an account is
looked up here, where nobody can measure the answer. Tasks are kept for weeks after they have run, and
an address in one would outlive the account: it is sealed there.
"""

from django_tasks import task

from portal.accounts.sealing import seal, unseal
from portal.accounts.sign_in import services

SEALED_FOR = "accounts.tasks"


def ask_sign_in_link(email: str, next_url: str = "") -> None:
    """Leave the task that mails a sign-in link to the account of ``email``, if it has one."""
    mail_sign_in_link.enqueue(seal(email, purpose=SEALED_FOR), next_url)


def ask_new_password_link(email: str) -> None:
    """Leave the task that mails the link to choose a new password to the account of ``email``, if it has one."""
    mail_new_password_link.enqueue(seal(email, purpose=SEALED_FOR))


@task()
def mail_sign_in_link(sealed_email: str, next_url: str = "") -> None:
    """Mail a sign-in link to the account of an address, if it has one."""
    services.send_sign_in_link(email=unseal(sealed_email, purpose=SEALED_FOR), next_url=next_url)


@task()
def mail_new_password_link(sealed_email: str) -> None:
    """Mail the link to choose a new password to the account of an address, if it has one."""
    services.send_new_password_link(email=unseal(sealed_email, purpose=SEALED_FOR))
