"""Addresses of the forum, below /forum/."""

from django.urls import path

from forum.community import feeds
from forum.community.views import assisting, moderating, reading, settling, writing

app_name = "community_forum"

DISCUSSION, MESSAGE = "discussions/<int:pk>/", "messages/<int:pk>/"

urlpatterns = [
    path("", reading.index, name="index"),
    path("toutes/", reading.all_discussions, name="all"),
    path("sans-reponse/", reading.unanswered, name="unanswered"),
    path("non-lues/", reading.unread, name="unread"),
    path("non-lues/tout-lu/", reading.read_all, name="read_all"),
    path("suivies/", reading.followed, name="followed"),
    path("mes-discussions/", reading.mine, name="mine"),
    path("favoris/", reading.kept, name="kept"),
    path("poser-une-question/", writing.ask, name="ask"),
    path("discussions-proches/", assisting.similar, name="similar"),
    path("brouillon/", assisting.keep_draft, name="keep_draft"),
    path("mentions/", assisting.mentions, name="mentions"),
    path("repondre-aux-questions/", settling.offer, name="offer"),
    path("pieces-jointes/<uuid:uid>/", reading.attachment, name="attachment"),
    path(MESSAGE, reading.message, name="message"),
    path(f"{MESSAGE}historique/", reading.history, name="history"),
    path(f"{MESSAGE}modifier/", writing.edit, name="edit"),
    path(f"{MESSAGE}supprimer/", writing.delete, name="delete"),
    path(f"{MESSAGE}utile/", settling.useful, name="useful"),
    path(f"{MESSAGE}aide/", settling.helpful, name="helpful"),
    path(f"{MESSAGE}publier/", moderating.approve, name="approve"),
    path(f"{MESSAGE}retirer/", moderating.withhold, name="withhold"),
    path(f"{MESSAGE}sanction/", moderating.sanction, name="sanction"),
    path(f"{DISCUSSION}favori/", settling.keep, name="keep"),
    path(f"{DISCUSSION}resolue/", settling.solved, name="solved"),
    path(f"{DISCUSSION}relier/", settling.cite, name="cite"),
    path(f"{DISCUSSION}sondage/", settling.poll, name="poll"),
    path(f"{DISCUSSION}fermer/", moderating.lock, name="lock"),
    path(f"{DISCUSSION}rang/", moderating.rank, name="rank"),
    path(f"{DISCUSSION}deplacer/", moderating.move, name="move"),
    path(f"{DISCUSSION}fusionner/", moderating.merge, name="merge"),
    path(f"{DISCUSSION}scinder/", moderating.split, name="split"),
    path(f"{DISCUSSION}ressource/", moderating.resource, name="resource"),
    path("<slug:slug>/", reading.space, name="space"),
    path("<slug:slug>/flux/", feeds.space_feed, name="space_feed"),
    path("<slug:slug>/<int:pk>-<slug:title>/", reading.discussion, name="discussion"),
    path("<slug:slug>/<int:pk>-<slug:title>/repondre/", writing.answer, name="answer"),
]
