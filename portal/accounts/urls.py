from django.urls import include, path

from portal.accounts import views
from portal.accounts.security import views as security_views
from portal.accounts.sign_in import views as sign_in_views

#: Named as allauth reverses them.
allauth_patterns = [
    path("connexion/", sign_in_views.SignInView.as_view(), name="account_login"),
    path("connexion/code/", sign_in_views.CodeView.as_view(), name="mfa_authenticate"),
    path("deconnexion/", sign_in_views.SignOutView.as_view(), name="account_logout"),
]

own_patterns = [
    path("connexion/cle/", sign_in_views.PasskeySignInView.as_view(), name="passkey_sign_in"),
    path("connexion/lien/", sign_in_views.link_request, name="link_request"),
    path("connexion/lien/envoye/", sign_in_views.link_sent, name="link_sent"),
    path("connexion/lien/<str:token>/", sign_in_views.link_open, name="link_open"),
    path("connexion/adresse/<str:token>/", security_views.address_agreement, name="address_agreement"),
    path("mot-de-passe/oublie/", sign_in_views.password_forgotten, name="password_forgotten"),
    path("mot-de-passe/oublie/envoye/", sign_in_views.password_sent, name="password_sent"),
    path("mot-de-passe/nouveau/<str:token>/", sign_in_views.new_password, name="new_password"),
    path("mon-espace/", views.space, name="space"),
    path("mon-espace/securite/", include("portal.accounts.security.urls")),
]

urlpatterns = [
    *allauth_patterns,
    path("", include((own_patterns, "accounts"))),
]
