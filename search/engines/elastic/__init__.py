"""The engine for portals that outgrow one machine: Elasticsearch 8 or 9."""
