"""The demonstration's content, part by part, in the order in which ``manage.py load_demo`` loads it.

Every part adds what is missing and touches nothing that is there: people try the portal out on this
content, and a second run keeps all that they changed. What can be renamed is recognised by an
identifier made from its key in these modules, never by its present name.
"""
