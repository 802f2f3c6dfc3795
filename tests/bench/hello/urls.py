from django.http import HttpRequest, HttpResponse
from django.urls import path


def hello(request: HttpRequest) -> HttpResponse:
    """Say hello."""
    return HttpResponse("Bonjour")


urlpatterns = [path("", hello)]
