from django.urls import path

from project_sheets.transfer import views

app_name = "sheet_transfer"
urlpatterns = [
    path("", views.transfer, name="transfer"),
    path("<uuid:uid>.json", views.sheet_file, name="file"),
]
