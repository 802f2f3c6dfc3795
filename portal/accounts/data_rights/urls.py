"""Addresses of "My data", below /mon-espace/mes-donnees/."""

from django.urls import path

from portal.accounts.data_rights import views

app_name = "data_rights"

urlpatterns = [
    path("", views.overview, name="overview"),
    path("export/", views.ask_export, name="ask_export"),
    path("export/<uuid:uid>/", views.download_export, name="download_export"),
    path("suppression/", views.leave, name="leave"),
    path("suppression/annuler/", views.stay, name="stay"),
]
