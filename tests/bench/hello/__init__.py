"""The yardstick: the smallest Django page, served by the same gunicorn as the portal."""
