"""How the ledger names the question whether a page is still right."""

STILL_RIGHT = "directory.still_right"


def still_right_group(organisation_id: int) -> str:
    """Return the group of such news: confirming the page answers them for all its managers."""
    return f"directory.still_right:{organisation_id}"
