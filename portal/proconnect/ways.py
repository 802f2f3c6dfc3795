"""ProConnect among the ways in."""

from portal.accounts.ways import Way, ways
from portal.proconnect.oidc import way_out
from portal.proconnect.selectors import is_open

ways.register(
    "proconnect",
    Way(
        sign_in_template="proconnect/_sign_in.html",
        security_template="proconnect/_security.html",
        is_open=is_open,
        way_out=way_out,
    ),
)
