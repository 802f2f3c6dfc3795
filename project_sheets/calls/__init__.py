"""How the team of a region keeps the facts of its calls and their waves."""
