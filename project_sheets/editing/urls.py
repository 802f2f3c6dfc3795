from django.urls import path

from project_sheets.editing import sheet_views, views
from project_sheets.living import space_views as living

app_name = "sheet_editing"
urlpatterns = [
    path("", views.sheet_list, name="list"),
    path("nouvelle/", views.sheet_create, name="create"),
    path("invitations/<uuid:uid>/", sheet_views.invitation, name="invitation"),
    path("<uuid:uid>/", views.overview, name="overview"),
    path("<uuid:uid>/proposer/", sheet_views.submit, name="submit"),
    path("<uuid:uid>/reprendre/", sheet_views.withdraw, name="withdraw"),
    path("<uuid:uid>/apercu/", sheet_views.preview, name="preview"),
    path("<uuid:uid>/fichiers/<uuid:file_uid>/", sheet_views.draft_file, name="file"),
    path("<uuid:uid>/historique/", sheet_views.history, name="history"),
    path("<uuid:uid>/historique/<int:pk>/", sheet_views.version, name="version"),
    path("<uuid:uid>/referents/", sheet_views.people, name="people"),
    path("<uuid:uid>/referents/<int:pk>/retirer/", sheet_views.remove_lead, name="remove_lead"),
    path(
        "<uuid:uid>/invitations/<uuid:invitation_uid>/retirer/",
        sheet_views.withdraw_invitation,
        name="withdraw_invitation",
    ),
    path("<uuid:uid>/commentaires/<int:pk>/", sheet_views.settle_comment, name="settle_comment"),
    path("<uuid:uid>/confirmer/", living.confirm, name="confirm"),
    path("<uuid:uid>/corrections/", living.corrections, name="corrections"),
    path("<uuid:uid>/corrections/<uuid:correction_uid>/", living.answer_correction, name="answer_correction"),
    path("<uuid:uid>/<slug:slug>/", views.step, name="step"),
]
