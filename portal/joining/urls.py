"""Addresses of joining: registration, invitations, and what animators and managers do about them."""

from django.urls import path

from portal.joining.views import approval, first_steps, invitations, registration

app_name = "joining"

ANIMATION, STRUCTURE = "animation/invitations/", "mon-espace/ma-structure/invitations/"

urlpatterns = [
    path("inscription/", registration.register, name="register"),
    path("inscription/envoyee/", registration.registration_sent, name="registration_sent"),
    path("inscription/structures/", registration.organisation_names, name="organisation_names"),
    path("inscription/en-attente/", registration.waiting, name="waiting"),
    path("inscription/confirmer/<str:token>/", registration.confirm, name="confirm"),
    path("invitation/<str:token>/", invitations.accept, name="accept_invitation"),
    path("mon-espace/premiers-pas/", first_steps.first_steps, name="first_steps"),
    path("animation/comptes/", approval.accounts, name="accounts"),
    path("animation/comptes/<uuid:uid>/", approval.account_detail, name="account_detail"),
    path("animation/comptes/<uuid:uid>/accepter/", approval.approve, name="approve"),
    path("animation/comptes/<uuid:uid>/refuser/", approval.refuse, name="refuse"),
    path(ANIMATION, invitations.index, {"is_animation": True}, name="invitations"),
    path(f"{ANIMATION}fichier/", invitations.file, {"is_animation": True}, name="invitation_file"),
    path(f"{ANIMATION}fichier/envoyer/", invitations.send_file, {"is_animation": True}, name="invitation_send"),
    path(f"{ANIMATION}<uuid:uid>/renvoyer/", invitations.resend, {"is_animation": True}, name="invitation_resend"),
    path(f"{ANIMATION}<uuid:uid>/annuler/", invitations.revoke, {"is_animation": True}, name="invitation_revoke"),
    path(STRUCTURE, invitations.index, {"is_animation": False}, name="structure_invitations"),
    path(f"{STRUCTURE}fichier/", invitations.file, {"is_animation": False}, name="structure_invitation_file"),
    path(
        f"{STRUCTURE}fichier/envoyer/",
        invitations.send_file,
        {"is_animation": False},
        name="structure_invitation_send",
    ),
    path(
        f"{STRUCTURE}<uuid:uid>/renvoyer/",
        invitations.resend,
        {"is_animation": False},
        name="structure_invitation_resend",
    ),
    path(
        f"{STRUCTURE}<uuid:uid>/annuler/",
        invitations.revoke,
        {"is_animation": False},
        name="structure_invitation_revoke",
    ),
]
