from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, ListBlock, StructBlock
from wagtail.documents.blocks import DocumentChooserBlock

from portal.accounts.rules import is_member


class DocumentsBlock(StructBlock):
    """Files to take away, each with its format and size."""

    title = CharBlock(label=_("Title"), required=False, max_length=120)
    documents = ListBlock(DocumentChooserBlock(label=_("Document")), label=_("Documents"))

    class Meta:
        icon = "doc-full"
        template = "content/blocks/documents.html"

    def get_context(self, value: Any, parent_context: dict[str, Any] | None = None) -> dict[str, Any]:
        """Keep the documents that the reader may see: a visitor is not told of the others."""
        context = super().get_context(value, parent_context=parent_context)
        request = (parent_context or {}).get("request")
        user = getattr(request, "user", None) or AnonymousUser()
        may_see_all = is_member(user)
        context["files"] = [
            document for document in value["documents"] if document and (may_see_all or not document.members_only)
        ]
        return context
