from django.urls import path

from portal.accounts.security import factor_views, views

urlpatterns = [
    path("", views.security, name="security"),
    path("verification/", views.verification, name="verification"),
    path("mot-de-passe/", views.password_change, name="password_change"),
    path("appareils/", views.devices, name="devices"),
    path("adresse/", views.address_change, name="address_change"),
    path("adresse/annuler/", views.address_cancel, name="address_cancel"),
    path("second-facteur/", factor_views.second_factor, name="second_factor"),
    path("second-facteur/application/", factor_views.AppSetupView.as_view(), name="app_setup"),
    path("second-facteur/cle/", factor_views.PasskeyAddView.as_view(), name="passkey_add"),
    path("second-facteur/<int:pk>/retirer/", factor_views.factor_remove, name="factor_remove"),
    path("second-facteur/codes/", factor_views.recovery_codes, name="recovery_codes"),
    path("second-facteur/codes/fichier/", factor_views.recovery_codes_file, name="recovery_codes_file"),
]
