from django.urls import path

from project_sheets.living import views

app_name = "sheet_living"
urlpatterns = [
    path("fiches/confirmer/<str:token>/", views.confirm, name="confirm"),
    path("projets/<slug:region_slug>/<slug:slug>/corriger/", views.correction, name="correction"),
]
