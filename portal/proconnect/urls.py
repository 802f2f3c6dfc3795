"""Addresses of ProConnect."""

from django.urls import path

from portal.proconnect import views

app_name = "proconnect"

urlpatterns = [
    path("connexion/proconnect/", views.start, name="start"),
    path("connexion/proconnect/retour/", views.callback, name="callback"),
    path("connexion/proconnect/fin/", views.signed_out, name="signed_out"),
    path("inscription/proconnect/", views.join, name="join"),
    path("mon-espace/securite/proconnect/retirer/", views.unlink, name="unlink"),
    path("animation/domaines/", views.domains, name="domains"),
    path("animation/domaines/<int:pk>/retirer/", views.remove_domain, name="remove_domain"),
]
