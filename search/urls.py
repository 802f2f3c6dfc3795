from django.urls import path

from search import saved_views, views

app_name = "search"

urlpatterns = [
    path("recherche/", views.search_page, name="search"),
    path("recherche/suggestions/", views.suggestions, name="suggestions"),
    path("recherche/opensearch.xml", views.opensearch, name="opensearch"),
    path("recherche/enregistrer/", saved_views.save, name="save"),
    path("mon-espace/mes-recherches/", saved_views.saved_list, name="saved"),
    path("mon-espace/mes-recherches/<int:pk>/alertes/", saved_views.alerts, name="alerts"),
    path("mon-espace/mes-recherches/<int:pk>/supprimer/", saved_views.forget, name="forget"),
    path("animation/recherches-sans-resultat/", saved_views.unanswered, name="unanswered"),
]
