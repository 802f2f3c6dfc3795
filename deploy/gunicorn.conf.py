"""How gunicorn serves the portal, in production and in the demonstration alike.

The address to listen on is given by whoever starts it; WEB_CONCURRENCY changes the processes.
"""

import os

from gunicorn.http import message

wsgi_app = "portal.wsgi:application"
# Threads: a request that waits for the database leaves the process to the others.
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = 4
timeout = 60
graceful_timeout = 20
# The heartbeat file of a worker must not wait for a disk.
worker_tmp_dir = "/dev/shm"  # noqa: S108
# Renewed now and then, so that a slow leak never fills the memory; not all at once.
max_requests = 20_000
max_requests_jitter = 2_000
control_socket_disable = True
# A text of 10 kB pasted into the search box gets a page that says so, not a bare refusal: gunicorn
# itself goes no further than 8 kB, or without any bound.
message.MAX_REQUEST_LINE = limit_request_line = 65_536
