"""Addresses of the directory, below /annuaire/."""

from django.urls import path

from directory import people_views, views

app_name = "directory"

urlpatterns = [
    path("", views.organisation_list, name="index"),
    path("membres/", people_views.member_list, name="members"),
    path("membres/<slug:short_id>/", people_views.member_detail, name="member"),
    path("membres/<slug:short_id>/photo/", people_views.member_photo, name="member_photo"),
    path("structures/<slug:slug>/", views.organisation_detail, name="organisation"),
]
