from django.urls import path

from project_sheets.calls import views

app_name = "sheet_calls"
urlpatterns = [
    path("", views.call_list, name="list"),
    path("nouveau/", views.call_create, name="create"),
    path("<slug:slug>/", views.call_edit, name="edit"),
]
