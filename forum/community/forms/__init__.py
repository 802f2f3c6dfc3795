"""All that people type in the forum."""
