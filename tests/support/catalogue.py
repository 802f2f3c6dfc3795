"""Pytest plugin: the French catalogue is compiled before Django starts, and so before it is read."""

from scripts.compile_catalogue import compile_stale_catalogues

compile_stale_catalogues()
