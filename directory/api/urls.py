"""Addresses of the read-only API, below /annuaire/api/v1/."""

from django.urls import path

from directory.api import views

urlpatterns = [
    path("", views.documentation, name="api"),
    path("openapi.json", views.openapi, name="openapi"),
    path("structures/", views.organisations, name="api_organisations"),
    path("structures/<uuid:uid>/", views.organisation, name="api_organisation"),
]
