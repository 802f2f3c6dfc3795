"""Addresses of the editorial content that are no pages of the Wagtail tree."""

from django.urls import path

from portal.content import feeds, views

app_name = "content"

urlpatterns = [
    path("", views.root, name="home"),
    path("actualites/flux/", feeds.news_feed, name="news_feed"),
    path("ressources/documents/<int:pk>/<str:name>", views.document, name="document"),
    path("plan-du-site/", views.site_map, name="site_map"),
    path("contact/", views.contact, name="contact"),
    path("contact/merci/", views.contact_done, name="contact_done"),
    path("media/images/<path:path>", views.media, name="media"),
]
