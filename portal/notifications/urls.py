from django.urls import path

from portal.notifications.views import centre, follow, preferences, unsubscription

app_name = "notifications"
urlpatterns = [
    path("notifications/", centre.centre, name="centre"),
    path("notifications/compte/", centre.count, name="count"),
    path("notifications/tout-lu/", centre.read_all, name="read_all"),
    path("notifications/suivre/", follow.change_follow, name="follow"),
    path("notifications/<int:pk>/", centre.open_notification, name="open"),
    path("mon-espace/mes-abonnements/", preferences.subscriptions, name="subscriptions"),
    path("mon-espace/mes-abonnements/<int:pk>/", preferences.change_subscription, name="subscription"),
    path("mon-espace/mes-courriels/", preferences.preferences, name="preferences"),
    path("mon-espace/mes-courriels/adresse/", preferences.lift, name="lift"),
    path("desabonnement/<str:token>/", unsubscription.page, name="unsubscribe"),
]
