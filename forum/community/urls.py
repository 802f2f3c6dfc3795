"""Addresses of the forum, below /forum/."""

from django.urls import path

from forum.community import views

app_name = "community_forum"

urlpatterns = [path("", views.index, name="index")]
