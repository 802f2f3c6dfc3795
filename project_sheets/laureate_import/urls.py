from django.urls import path

from project_sheets.laureate_import import views

app_name = "laureate_import"
urlpatterns = [
    path("", views.upload, name="upload"),
    path("modele.csv", views.model_file, name="model"),
    path("<uuid:uid>/", views.report, name="report"),
    path("<uuid:uid>/importer/", views.run, name="run"),
]
