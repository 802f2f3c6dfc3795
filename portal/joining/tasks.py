"""Background work of joining."""

from uuid import UUID

from django_tasks import task

from portal.joining.services.registrations import answer_registration


@task()
def answer(uid: str) -> None:
    """Mail what fits to the address of a registration; whether it has an account is looked up here alone."""
    answer_registration(uid=UUID(uid))
