"""Writes of the forum: views, commands and jobs call these and change nothing themselves."""
