"""What animators do in the directory, below /animation/structures/."""

from django.urls import path

from directory import animation_views
from directory.duplicates import views as duplicates
from directory.editing import views as editing
from directory.exchange import views as exchange

app_name = "directory_animation"

urlpatterns = [
    path("ajouter/", editing.create, name="create"),
    path("demandes/", animation_views.claims, name="claims"),
    path("demandes/<uuid:uid>/", animation_views.claim_detail, name="claim"),
    path("demandes/<uuid:uid>/justificatif/", animation_views.claim_proof, name="claim_proof"),
    path("demandes/<uuid:uid>/accepter/", animation_views.approve, name="approve_claim"),
    path("demandes/<uuid:uid>/refuser/", animation_views.refuse, name="refuse_claim"),
    path("corrections/", animation_views.corrections, name="corrections"),
    path("doublons/", duplicates.pairs, name="pairs"),
    path("doublons/<int:pk>/", duplicates.pair, name="pair"),
    path("doublons/<int:pk>/distinctes/", duplicates.distinct, name="distinct"),
    path("doublons/fusions/<uuid:uid>/annuler/", duplicates.undo, name="undo_merge"),
    path("importer/", exchange.imports, name="imports"),
    path("importer/modele.csv", exchange.template, name="import_template"),
    path("importer/<uuid:uid>/", exchange.import_detail, name="import"),
    path("importer/<uuid:uid>/ecrire/", exchange.import_run, name="import_run"),
    path("importer/<uuid:uid>/abandonner/", exchange.import_drop, name="import_drop"),
    path("importer/<uuid:uid>/rapport.csv", exchange.import_report, name="import_report"),
]
