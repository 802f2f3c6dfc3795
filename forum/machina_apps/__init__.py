"""The apps of django-machina, each overridden here so that its tables and rules are ours.

machina finds an override by the end of its dotted path (``….forum_conversation``) and by its app
label; every one has migrations of its own from the first day. Nothing here draws a page: our screens
and all that machina does not know stand in ``forum.community``.
"""
