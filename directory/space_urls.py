"""What the directory brings to "My space", below /mon-espace/."""

from django.urls import path

from directory import space_views
from directory.editing import views as editing
from directory.freshness import views as freshness

app_name = "my_directory"

urlpatterns = [
    path("mon-profil/", space_views.profile, name="profile"),
    path("mon-profil/apercu/", space_views.profile_preview, name="profile_preview"),
    path("ma-structure/", space_views.organisations, name="organisations"),
    path("ma-structure/<slug:slug>/modifier/", editing.edit, name="edit"),
    path("ma-structure/<slug:slug>/confirmer/", freshness.confirm_own, name="confirm_own"),
    path("ma-structure/places/<int:pk>/transmettre/", space_views.hand_over, name="hand_over"),
    path("ma-structure/places/<int:pk>/role/", space_views.change_role, name="change_role"),
    path("ma-structure/places/<int:pk>/retirer/", space_views.remove, name="remove"),
    path("ma-structure/places/<int:pk>/quitter/", space_views.leave, name="leave"),
]
