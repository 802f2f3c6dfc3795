from django.urls import path

from portal.notifications import views

app_name = "notifications"
urlpatterns = [
    path("notifications/suivre/", views.change_follow, name="follow"),
]
