"""Addresses of the directory, below /annuaire/."""

from django.urls import include, path

from directory import map_views, people_views, views
from directory.claims import views as claims
from directory.contact import views as contact
from directory.duplicates import views as duplicates
from directory.exchange import downloads
from directory.freshness import views as freshness

app_name = "directory"

urlpatterns = [
    path("", views.organisation_list, name="index"),
    path("carte/", map_views.organisation_map, name="map"),
    path("carte/points.geojson", map_views.points, name="map_points"),
    path("export/<slug:form>/", downloads.export, name="export"),
    path("api/v1/", include("directory.api.urls")),
    path("confirmer/<str:token>/", freshness.confirm, name="confirm"),
    path("adresse-professionnelle/<str:token>/", claims.claim_address, name="claim_address"),
    path("corrections/<uuid:uid>/fermer/", claims.close_correction, name="close_correction"),
    path("membres/", people_views.member_list, name="members"),
    path("membres/<slug:short_id>/", people_views.member_detail, name="member"),
    path("membres/<slug:short_id>/photo/", people_views.member_photo, name="member_photo"),
    path("structures/semblables/", duplicates.similar_names, name="similar_names"),
    path("structures/<slug:slug>/", views.organisation_detail, name="organisation"),
    path("structures/<slug:slug>/ecrire/", contact.write, name="write"),
    path("structures/<slug:slug>/ecrire/envoye/", contact.write_done, name="write_done"),
    path("structures/<slug:slug>/corriger/", claims.correct, name="correct"),
    path("structures/<slug:slug>/corriger/envoye/", claims.correction_done, name="correction_done"),
    path("structures/<slug:slug>/gerer/", claims.claim, name="claim"),
]
