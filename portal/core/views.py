"""Pages of the platform itself: health, refusals and errors."""

import logging

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal.core.models import WorkerHeartbeat

logger = logging.getLogger(__name__)


class _Migrations:
    """Whether this code's migrations are applied: once they are, they stay so as long as the process lives."""

    applied = False

    @classmethod
    def are_applied(cls) -> bool:
        if not cls.applied:
            executor = MigrationExecutor(connection)
            cls.applied = not executor.migration_plan(executor.loader.graph.leaf_nodes())
        return cls.applied


@require_safe
@never_cache
def health(request: HttpRequest) -> JsonResponse:
    """Answer 200 when the database, its migrations and a worker are all there, else 503.

    For the supervisor and the load balancer: says what is wrong, never why.
    """
    checks = {"database": False, "migrations": False, "worker": False}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        checks["database"] = True
        checks["migrations"] = _Migrations.are_applied()
        checks["worker"] = WorkerHeartbeat.is_any_alive()
    except DatabaseError:
        logger.exception("health check failed")
    healthy = all(checks.values())
    return JsonResponse({"healthy": healthy, **checks}, status=200 if healthy else 503)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Refuse a form whose token is forged or stale, and say how to send it again."""
    return render(request, "errors/csrf.html", status=403)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Tell a member who lacks a right what to do."""
    return render(request, "errors/403.html", status=403)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Help a visitor who followed a dead link: search box and main entries."""
    return render(request, "errors/404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Apologise without touching the database, which may be what failed."""
    return render(request, "errors/500.html", status=500)
