"""E-mails that did not reach the people of one's region, for their animators."""
