"""Addresses of the agenda, below /agenda/."""

from django.urls import path, re_path

from agenda import feeds
from agenda.views import calendar, check_in, maps, public, registration

app_name = "agenda"
urlpatterns = [
    path("", public.index, name="index"),
    path("mois/", calendar.this_month, name="this_month"),
    path("semaine/", calendar.this_week, name="this_week"),
    path("carte/", maps.map_view, name="map"),
    re_path(r"^(?P<year>[0-9]{4})/(?P<month>[0-9]{2})/$", calendar.month_of, name="month"),
    re_path(r"^(?P<year>[0-9]{4})/semaine/(?P<week>[0-9]{1,2})/$", calendar.week_of, name="week"),
    path("calendrier.ics", feeds.public_calendar, name="calendar"),
    path("calendrier/theme/<slug:slug>.ics", feeds.theme_calendar, name="theme_calendar"),
    path("calendrier/territoire/<slug:code>.ics", feeds.territory_calendar, name="territory_calendar"),
    path("calendrier/personnel/<str:token>.ics", feeds.own_calendar, name="own_calendar"),
    path("flux/", feeds.feed, name="feed"),
    path("flux/theme/<slug:slug>/", feeds.theme_feed, name="theme_feed"),
    path("flux/territoire/<slug:code>/", feeds.territory_feed, name="territory_feed"),
    path("integration/", feeds.embedded, name="embedded"),
    path("inscriptions/envoyee/", registration.registration_sent, name="registration_sent"),
    path("inscriptions/<str:token>/", registration.registration, name="registration"),
    path("inscriptions/<str:token>/invitation.ics", registration.invitation, name="invitation"),
    path("inscriptions/<str:token>/attestation.pdf", registration.certificate, name="certificate"),
    path("inscriptions/<str:token>/avis/", registration.feedback, name="feedback"),
    path("pointage/<str:token>/", check_in.by_code, name="check_in"),
    path("documents/<uuid:uid>/<slug:name>/", public.document, name="document"),
    path("<slug:slug>/", public.event_detail, name="event"),
    path("<slug:slug>/evenement.ics", feeds.event_calendar, name="event_calendar"),
    path("<slug:slug>/inscription/", public.register_event, name="register_event"),
    path("<slug:slug>/inscription/<uuid:uid>/", registration.register, name="register"),
    path("<slug:slug>/restitution/", public.report, name="report"),
    re_path(r"^(?P<slug>[-\w]+)/(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})/$", public.event_detail, name="occurrence"),
    re_path(
        r"^(?P<slug>[-\w]+)/(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})/restitution/$", public.report, name="occurrence_report"
    ),
]
