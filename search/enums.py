"""Audience tokens: what a reader holds and what a document asks for.

A group's members hold "group:<id>"; apps add others with ``api.register_tokens``.
"""

PUBLIC = "public"
MEMBERS = "members"
ADMINISTRATORS = "administrators"
