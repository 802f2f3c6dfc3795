"""Background work of accounts.

A page that takes an address only leaves a task, whatever the address: whether it has an account is
looked up here, where nobody can measure the answer.
"""

from django_tasks import task

from portal.accounts.sign_in import services


@task()
def mail_sign_in_link(email: str, next_url: str = "") -> None:
    """Mail a sign-in link to the account of ``email``, if it has one."""
    services.send_sign_in_link(email=email, next_url=next_url)


@task()
def mail_new_password_link(email: str) -> None:
    """Mail the link to choose a new password to the account of ``email``, if it has one."""
    services.send_new_password_link(email=email)
