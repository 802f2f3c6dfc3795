"""``make bench``: what each named page costs, measured on the server that production runs."""
