"""Addresses to which a member answers a discussion by e-mail: signed, one for each member and discussion.

``reponse+<member>.<discussion>.<signature>@domain``: the local part has 64 signs at most (RFC 5321,
4.5.3.1.1) and mail servers may lower its case, so everything is written in base 36 and hexadecimal.
A new ``link_stamp`` of the account, which ends all its links, ends its reply addresses too.
"""

import re

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.http import base36_to_int, int_to_base36

from portal.accounts.models import User
from portal.core.keys import KEYS_END

_LOCAL = re.compile(r"\+([0-9a-z]{1,12})\.([0-9a-z]{1,12})\.([0-9a-f]{20})$")


def _signature(user: User, discussion_id: int) -> str:
    # 80 bits: an attempt costs a mail, and the sender's address is asked for besides.
    return salted_hmac("forum.reply", f"{user.pk}:{discussion_id}:{user.link_stamp}").hexdigest()[:20]


def reply_address(user: User, discussion_id: int) -> str:
    """Return where ``user`` answers the discussion by e-mail; empty where the portal receives none."""
    if not settings.REPLY_ADDRESS:
        return ""
    name, _at, domain = settings.REPLY_ADDRESS.partition("@")
    number, topic = int_to_base36(user.pk), int_to_base36(discussion_id)
    return f"{name}+{number}.{topic}.{_signature(user, discussion_id)}@{domain}"


def read_reply_address(address: str) -> tuple[User, int] | None:
    """Return whose reply to which discussion ``address`` takes; None for an address that we did not sign."""
    local, _at, domain = address.strip().lower().rpartition("@")
    found = _LOCAL.search(local)
    if found is None or not settings.REPLY_ADDRESS or domain != settings.REPLY_ADDRESS.partition("@")[2].lower():
        return None
    try:
        user_id, discussion_id = base36_to_int(found[1]), base36_to_int(found[2])
    except ValueError:
        return None
    if user_id >= KEYS_END or discussion_id >= KEYS_END:
        return None
    user = User.objects.filter(pk=user_id).first()
    if user is None or not constant_time_compare(found[3], _signature(user, discussion_id)):
        return None
    return user, discussion_id
