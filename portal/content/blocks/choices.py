"""Choices of form, which are no words of the page."""

from wagtail.blocks import ChoiceBlock


class FormChoiceBlock(ChoiceBlock):
    """How a block looks: its label says nothing to who searches."""

    def get_searchable_content(self, value: str) -> list[str]:
        """Return no word."""
        return []
