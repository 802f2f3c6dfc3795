"""The personal-data guard: warns before a text for colleagues names somebody whom they accompany.

It runs here, in the process of the page: nothing typed leaves the portal. It only advises: people
write "Défis emploi, 02 98 00 00 00" for good reasons, and confirm. Its precision and recall on a
labelled set are measured by ``tests/moderation/test_guard.py``.
"""

from portal.moderation.guard.findings import Finding, FindingKind
from portal.moderation.guard.scan import find_personal_data

__all__ = ["Finding", "FindingKind", "find_personal_data"]
