from django.utils.translation import gettext_lazy as _
from wagtail.blocks import StructBlock

from portal.content.blocks.choices import FormChoiceBlock


class IdentityBlock(StructBlock):
    """A part of the identity of the portal, read from its settings: legal pages never repeat it by hand."""

    part = FormChoiceBlock(
        label=_("What"),
        choices=[
            ("publisher", _("Publisher and director of publication")),
            ("host", _("Hosting provider")),
            ("accessibility", _("State of accessibility")),
            ("data_protection", _("Data protection officer")),
        ],
    )

    class Meta:
        icon = "cog"
        template = "content/blocks/identity.html"
