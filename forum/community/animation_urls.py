"""Addresses of the forum below /animation/forum/."""

from django.urls import path

from forum.community.views import animation

app_name = "forum_animation"

urlpatterns = [
    path("", animation.queue, name="queue"),
    path("sans-reponse/", animation.waiting, name="waiting"),
    path("sanctions/", animation.sanctions, name="sanctions"),
    path("sanctions/<int:pk>/lever/", animation.lift, name="lift"),
    path("espaces/", animation.space_list, name="spaces"),
    path("espaces/ouvrir/", animation.space_add, name="space_add"),
    path("espaces/<int:pk>/", animation.space_change, name="space_change"),
    path("espaces/<int:pk>/deplacer/", animation.space_move, name="space_move"),
]
