from django.urls import path

from project_sheets.review import views

app_name = "sheet_review"
urlpatterns = [
    path("", views.sheet_list, name="list"),
    path("<uuid:uid>/", views.sheet_detail, name="detail"),
    path("<uuid:uid>/publier/", views.approve, name="approve"),
    path("<uuid:uid>/date/", views.change_plan, name="plan"),
    path("<uuid:uid>/publier-maintenant/", views.publish_now, name="publish_now"),
    path("<uuid:uid>/annuler-la-publication/", views.call_off, name="call_off"),
    path("<uuid:uid>/corrections/", views.ask_for_changes, name="changes"),
    path("<uuid:uid>/refuser/", views.refuse, name="refuse"),
    path("<uuid:uid>/commenter/", views.comment, name="comment"),
    path("<uuid:uid>/archiver/", views.archive, name="archive"),
    path("<uuid:uid>/remettre-en-ligne/", views.reopen, name="reopen"),
]
