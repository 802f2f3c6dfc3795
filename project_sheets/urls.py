from django.urls import path

from project_sheets import views

app_name = "project_sheets"
urlpatterns = [
    path("appels/<slug:slug>/", views.call_detail, name="call"),
    path("projets/documents/<uuid:uid>/<slug:name>/", views.document, name="document"),
]
