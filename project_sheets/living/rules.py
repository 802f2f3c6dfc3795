"""How long a sheet is believed without a word from those who look after it."""

from datetime import timedelta

#: Half a year: projects report twice a year.
STALE_AFTER = timedelta(days=180)
#: Nobody is asked about the same sheet more often.
REMINDED_ONCE_IN = timedelta(days=30)
#: How long the link of a reminder confirms.
LINK_LASTS = timedelta(days=90)
#: The address of a visitor serves to answer; unanswered, it is forgotten after this.
EMAIL_KEPT = timedelta(days=180)
#: The kind of news that asks whether a sheet is still right.
STILL_TRUE = "sheet.still_true"


def still_true_group(sheet_id: int) -> str:
    """Return the group of such news: reading the sheet does not answer them, confirming it does."""
    return f"project_sheets.still_true:{sheet_id}"
