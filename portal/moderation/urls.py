"""Addresses of moderation."""

from django.urls import path

from portal.moderation import views
from portal.moderation.undelivered.views import undelivered

app_name = "moderation"

urlpatterns = [
    path("signaler/<slug:kind>/<str:pk>/", views.report, name="report"),
    path("mon-espace/signalements/<uuid:uid>/", views.my_report, name="my_report"),
    path("animation/moderation/", views.queue, name="queue"),
    path("animation/moderation/<uuid:uid>/", views.decide, name="decide"),
    path("animation/journal/", views.journal, name="journal"),
    path("animation/courriels-non-remis/", undelivered, name="undelivered"),
]
