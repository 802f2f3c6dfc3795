"""What a SIGKILL at a bad moment does to the outbox: see harness.py."""
