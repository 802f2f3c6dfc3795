"""Addresses of the directory, below /annuaire/."""

from django.urls import path

from directory import views

app_name = "directory"

urlpatterns = [
    path("", views.organisation_list, name="index"),
    path("structures/<slug:slug>/", views.organisation_detail, name="organisation"),
]
