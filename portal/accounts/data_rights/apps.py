from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DataRightsConfig(AppConfig):
    name = "portal.accounts.data_rights"
    label = "data_rights"
    verbose_name = _("Data rights")
    default_auto_field = "django.db.models.BigAutoField"
