"""Health of the container: fail unless /sante/ answers 200."""

import http.client
import os
import sys

# The portal answers only to the names it serves.
host = os.environ["ALLOWED_HOSTS"].split(",")[0].strip().lstrip(".").replace("*", "localhost")
connection = http.client.HTTPConnection("127.0.0.1", 8000, timeout=8)
connection.request("GET", "/sante/", headers={"Host": host})
answer = connection.getresponse()
if answer.status != 200:
    sys.exit(f"{answer.status} {answer.read(500)!r}")
