"""What the platform itself has to remember."""

from datetime import timedelta
from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class HeartbeatQuerySet(models.QuerySet["WorkerHeartbeat"]):
    """Workers by whether they live."""

    def alive(self) -> Self:
        """Those that have beaten lately."""
        return self.filter(beat_at__gte=timezone.now() - WorkerHeartbeat.ALIVE_WITHIN)


class WorkerHeartbeat(models.Model):
    """The last sign of life of one worker process; read by the health page.

    What a worker holds (a task, a scheduled job) is taken up by others once it no longer beats.
    """

    #: A worker beats every 15 s; four missed beats and it counts as dead.
    ALIVE_WITHIN = timedelta(seconds=60)

    worker_id = models.CharField(max_length=64, primary_key=True, verbose_name=_("worker"))
    beat_at = models.DateTimeField(_("last beat"), default=timezone.now)

    objects = HeartbeatQuerySet.as_manager()

    class Meta:
        verbose_name = _("worker heartbeat")
        verbose_name_plural = _("worker heartbeats")
        ordering = ["worker_id"]

    def __str__(self) -> str:
        return self.worker_id

    @classmethod
    def is_any_alive(cls) -> bool:
        """Tell whether at least one worker has beaten lately."""
        return cls.objects.alive().exists()


class ScheduledJob(models.Model):
    """When one declared job is due, who runs it now, and how it went the last time."""

    name = models.CharField(_("job"), max_length=100, primary_key=True)
    next_run_at = models.DateTimeField(_("next run"), default=timezone.now)
    #: The worker that runs it now; free where empty.
    holder = models.CharField(_("run by"), max_length=64, blank=True)
    last_started_at = models.DateTimeField(_("last started"), null=True, blank=True)
    last_finished_at = models.DateTimeField(_("last finished"), null=True, blank=True)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0)
    last_error = models.TextField(_("last error"), blank=True)

    class Meta:
        verbose_name = _("scheduled job")
        verbose_name_plural = _("scheduled jobs")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
