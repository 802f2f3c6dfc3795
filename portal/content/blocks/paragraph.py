from typing import Any

from wagtail.blocks import RichTextBlock

#: Headings, pictures and files have their own blocks, which keep the outline and the alternatives right.
FEATURES = ["bold", "italic", "ol", "ul", "link", "document-link"]


class ParagraphBlock(RichTextBlock):
    """Text with lists and links."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("features", FEATURES)
        super().__init__(**options)

    class Meta:
        icon = "pilcrow"
        template = "content/blocks/paragraph.html"
