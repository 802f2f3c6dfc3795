"""Addresses of themes, territories and the glossary."""

from django.urls import path

from portal.taxonomy import views

app_name = "taxonomy"

urlpatterns = [
    path("themes/", views.theme_list, name="themes"),
    path("themes/<slug:slug>/", views.theme_detail, name="theme"),
    path("territoires/", views.territory_list, name="territories"),
    path("territoires/<slug:code>/", views.territory_detail, name="territory"),
    path("glossaire/", views.glossary, name="glossary"),
]
