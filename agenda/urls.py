"""Addresses of the agenda, below /agenda/."""

app_name = "agenda"
urlpatterns = []
