from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, PageChooserBlock, StructBlock, StructBlockValidationError, StructValue

from portal.content.validators import validate_link
from portal.core.paths import public_path


class LinkValue(StructValue):
    """A link that knows its address."""

    @property
    def url(self) -> str:
        """The address of the chosen page while it is published, else what was typed."""
        page = self.get("page")
        if page:
            return public_path(page) if page.live else ""
        return self.get("address") or ""


class LinkBlock(StructBlock):
    """A label that leads to a page of the portal or to an address."""

    label = CharBlock(label=_("Label"), max_length=60)
    page = PageChooserBlock(label=_("Page"), required=False)
    address = CharBlock(
        label=_("or address"),
        required=False,
        max_length=200,
        validators=[validate_link],
        help_text=_("“/forum/”, or a whole https:// address."),
    )

    class Meta:
        icon = "link"
        value_class = LinkValue
        label_format = "{label}"

    def clean(self, value: Any) -> Any:
        """Refuse a link that leads nowhere."""
        cleaned = super().clean(value)
        if not cleaned.get("page") and not cleaned.get("address"):
            raise StructBlockValidationError({"page": ValidationError(_("Choose a page or write an address."))})
        return cleaned
