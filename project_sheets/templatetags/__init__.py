"""Tags of the templates of the sheets."""
