"""What the platform itself has to remember."""

from datetime import timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class WorkerHeartbeat(models.Model):
    """The last sign of life of one worker process; read by the health page."""

    #: A worker beats every 15 s; four missed beats and it counts as dead.
    ALIVE_WITHIN = timedelta(seconds=60)

    worker_id = models.CharField(max_length=64, primary_key=True, verbose_name=_("worker"))
    beat_at = models.DateTimeField(_("last beat"), default=timezone.now)

    class Meta:
        verbose_name = _("worker heartbeat")
        verbose_name_plural = _("worker heartbeats")
        ordering = ["worker_id"]

    def __str__(self) -> str:
        return self.worker_id

    @classmethod
    def is_any_alive(cls) -> bool:
        """Tell whether at least one worker has beaten lately."""
        return cls.objects.filter(beat_at__gte=timezone.now() - cls.ALIVE_WITHIN).exists()
