from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AnimationConfig(AppConfig):
    name = "portal.animation"
    label = "animation"
    verbose_name = _("Animation")
    default_auto_field = "django.db.models.BigAutoField"
