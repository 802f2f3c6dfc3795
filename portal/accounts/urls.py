from allauth.account import views as allauth_views
from django.urls import path

urlpatterns = [
    path("connexion/", allauth_views.login, name="account_login"),
    path("deconnexion/", allauth_views.logout, name="account_logout"),
]
