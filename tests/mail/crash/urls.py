"""The workers of the harness serve no page."""

urlpatterns: list[object] = []
