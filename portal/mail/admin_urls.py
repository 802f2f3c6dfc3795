"""Addresses below /admin/courriels/."""

from django.urls import path

from portal.mail import views

app_name = "portal_mail"
urlpatterns = [
    path("", views.JournalView.as_view(), name="journal"),
    path("resultats/", views.JournalView.as_view(results_only=True), name="journal_results"),
    path("<int:pk>/", views.MessageView.as_view(), name="message"),
    path("abandonnes/", views.DeadLettersView.as_view(), name="dead"),
    path("apercus/", views.PreviewsView.as_view(), name="previews"),
    path("apercus/<str:name>/", views.PreviewView.as_view(), name="preview"),
    path("apercus/<str:name>/html/", views.preview_html, name="preview_html"),
]
