from allauth.account import views as allauth_views
from django.urls import path

from portal.accounts.views import SignInView

urlpatterns = [
    path("connexion/", SignInView.as_view(), name="account_login"),
    path("deconnexion/", allauth_views.logout, name="account_logout"),
]
