"""What the libraries leave behind and never clear themselves."""

from django.core.management import call_command


def clear_sessions() -> None:
    """Delete the sessions that are over."""
    call_command("clearsessions", verbosity=0)


def prune_tasks() -> None:
    """Delete finished tasks after two weeks, failed ones after three months."""
    call_command("prune_db_task_results", "--min-age-days", "14", "--failed-min-age-days", "90", verbosity=0)
