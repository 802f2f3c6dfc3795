"""Blocks of the pages: one a file, each with its template in ``content/blocks/``."""
