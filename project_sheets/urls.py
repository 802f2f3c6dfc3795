from django.urls import path

from project_sheets import views
from project_sheets.comparison import views as comparison_views
from project_sheets.pdf import views as pdf_views
from project_sheets.reports import views as report_views

app_name = "project_sheets"
urlpatterns = [
    path("appels/<slug:slug>/", views.call_detail, name="call"),
    path("appels/<slug:slug>/bilan/", report_views.call_report, name="call_report"),
    path(
        "appels/<slug:slug>/bilan/bilan.csv",
        report_views.call_report_file,
        {"extension": "csv"},
        name="call_report_csv",
    ),
    path(
        "appels/<slug:slug>/bilan/bilan.xlsx",
        report_views.call_report_file,
        {"extension": "xlsx"},
        name="call_report_xlsx",
    ),
    path(
        "appels/<slug:slug>/bilan/resultats/<slug:indicator>/",
        report_views.indicator_report,
        name="indicator_report",
    ),
    path("projets/", views.sheet_list, name="list"),
    path("projets/comparer/", comparison_views.comparison, name="compare"),
    path("projets/<slug:region_slug>/", views.sheet_list, name="region"),
    path("projets/<slug:region_slug>/<slug:slug>/", views.sheet_detail, name="sheet"),
    path("projets/<slug:region_slug>/<slug:slug>/fiche.pdf", pdf_views.sheet_pdf, name="sheet_pdf"),
    path("projets/<slug:region_slug>/<slug:slug>/affiche.pdf", pdf_views.sheet_poster, name="sheet_poster"),
    path("projets/documents/<uuid:uid>/<slug:name>/", views.document, name="document"),
]
