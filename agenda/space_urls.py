"""Addresses of a member's registrations, below /mon-espace/inscriptions/."""

from django.urls import path

from agenda.views import space

app_name = "my_agenda"
urlpatterns = [
    path("", space.registrations, name="registrations"),
    path("calendrier/", space.renew_calendar, name="renew_calendar"),
    path("calendrier/supprimer/", space.end_calendar, name="end_calendar"),
]
