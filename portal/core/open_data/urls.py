from django.urls import path

from portal.core.open_data import views

app_name = "open_data"
urlpatterns = [
    path("", views.dataset_list, name="list"),
    path("<slug:key>.csv", views.dataset_csv, name="csv"),
    path("<slug:key>.json", views.dataset_json, name="json"),
]
