from django.urls import path

from portal.notifications.announcements import views

app_name = "announcements"
urlpatterns = [
    path("animation/annonces/", views.index, name="index"),
    path("animation/annonces/nouvelle/", views.write, name="new"),
    path("animation/annonces/<uuid:uid>/", views.detail, name="detail"),
    path("animation/annonces/<uuid:uid>/modifier/", views.write, name="change"),
    path("animation/annonces/<uuid:uid>/essai/", views.test, name="test"),
    path("animation/annonces/<uuid:uid>/envoyer/", views.send, name="send"),
    path("animation/annonces/<uuid:uid>/programmer/", views.schedule, name="schedule"),
    path("animation/annonces/<uuid:uid>/deprogrammer/", views.unschedule, name="unschedule"),
    path("animation/annonces/<uuid:uid>/supprimer/", views.delete, name="delete"),
    path("notifications/annonces/<uuid:uid>/", views.read, name="read"),
    path("notifications/annonces/<uuid:uid>/lien/", views.link, name="link"),
]
