"""Addresses of the organisers, below /animation/evenements/."""

from django.urls import path

from agenda.views import check_in, desk, editing, occurrences, outcome, statistics

app_name = "agenda_desk"
DATE = "<uuid:uid>/dates/<int:pk>/"
urlpatterns = [
    path("", desk.event_list, name="events"),
    path("nouveau/", editing.new, name="new"),
    path("<uuid:uid>/", desk.event_page, name="event"),
    path("<uuid:uid>/proposer/", desk.submit, name="submit"),
    path("<uuid:uid>/publier/", desk.publish, name="publish"),
    path("<uuid:uid>/rendre/", desk.give_back, name="give_back"),
    path("<uuid:uid>/annuler/", desk.cancel, name="cancel"),
    path("<uuid:uid>/dupliquer/", desk.duplicate, name="duplicate"),
    path("<uuid:uid>/annonce/", desk.announcement, name="announcement"),
    path("<uuid:uid>/presentation/", editing.identity, name="identity"),
    path("<uuid:uid>/dates/", editing.schedule, name="schedule"),
    path("<uuid:uid>/dates/exclure/", editing.exclude, name="exclude"),
    path("<uuid:uid>/inscriptions/", editing.rules, name="rules"),
    path("<uuid:uid>/programme/", editing.programme, name="programme"),
    path("<uuid:uid>/documents/", editing.add_document, name="add_document"),
    path("<uuid:uid>/documents/<uuid:document>/supprimer/", editing.remove_document, name="remove_document"),
    path("<uuid:uid>/statistiques/", statistics.of_event, name="event_statistics"),
    path("<uuid:uid>/statistiques.csv", statistics.event_csv, name="event_statistics_csv"),
    path(DATE, occurrences.occurrence_page, name="occurrence"),
    path(f"{DATE}modifier/", occurrences.change, name="change"),
    path(f"{DATE}annuler/", occurrences.cancel, name="cancel_date"),
    path(f"{DATE}retablir/", occurrences.restore, name="restore"),
    path(f"{DATE}places/<int:session>/", occurrences.capacity, name="capacity"),
    path(f"{DATE}inscriptions/<uuid:registration>/", occurrences.decide, name="decide"),
    path(f"{DATE}restitution/", outcome.report, name="report"),
    path(f"{DATE}documents/", outcome.add_document, name="add_date_document"),
    path(f"{DATE}statistiques/", statistics.of_date, name="statistics"),
    path(f"{DATE}pointage/", check_in.arrivals, name="arrivals"),
    path(f"{DATE}pointage/<uuid:registration>/", check_in.note, name="note"),
    path(f"{DATE}inscriptions.csv", occurrences.export, {"form": "csv"}, name="export_csv"),
    path(f"{DATE}inscriptions.xlsx", occurrences.export, {"form": "xlsx"}, name="export_xlsx"),
]
