from django.urls import path

from portal.animation import views

app_name = "animation"
urlpatterns = [
    path("", views.dashboard, name="dashboard"),
    path("tableau-de-bord.csv", views.dashboard_file, {"extension": "csv"}, name="dashboard_csv"),
    path("tableau-de-bord.xlsx", views.dashboard_file, {"extension": "xlsx"}, name="dashboard_xlsx"),
]
