"""What the directory brings to "My space", below /mon-espace/."""

from django.urls import path

from directory import space_views

app_name = "my_directory"

urlpatterns = [
    path("mon-profil/", space_views.profile, name="profile"),
    path("mon-profil/apercu/", space_views.profile_preview, name="profile_preview"),
    path("ma-structure/", space_views.organisations, name="organisations"),
    path("ma-structure/places/<int:pk>/role/", space_views.change_role, name="change_role"),
    path("ma-structure/places/<int:pk>/retirer/", space_views.remove, name="remove"),
    path("ma-structure/places/<int:pk>/quitter/", space_views.leave, name="leave"),
]
