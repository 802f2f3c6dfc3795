"""Members who offered to answer, and what they were asked."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from forum.machina_apps.forum_conversation.models import Topic


class AnswerOffer(models.Model):
    """A member agrees to be asked what others leave unanswered, on the themes and places of their profile."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        primary_key=True,
        related_name="answer_offer",
        verbose_name=_("account"),
    )
    offered_at = models.DateTimeField(_("offered on"), default=timezone.now)

    class Meta:
        verbose_name = _("offer to answer")
        verbose_name_plural = _("offers to answer")
        ordering = ["offered_at", "pk"]

    def __str__(self) -> str:
        return str(self.user)


class AnswerRequest(models.Model):
    """A member was asked to look at a question; ``reason`` is the sentence that told them why."""

    #: Requests to one person in any seven days.
    A_WEEK = 2

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="answer_requests", verbose_name=_("account")
    )
    topic = models.ForeignKey(Topic, models.CASCADE, related_name="answer_requests", verbose_name=_("discussion"))
    reason = models.CharField(_("reason"), max_length=300)
    asked_at = models.DateTimeField(_("asked on"), default=timezone.now)

    class Meta:
        verbose_name = _("request for an answer")
        verbose_name_plural = _("requests for an answer")
        ordering = ["-asked_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["user", "topic"], name="asked_once_a_question")]

    def __str__(self) -> str:
        return f"{self.user} – {self.topic_id}"
