"""The stacks of blocks that pages are made of."""

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import StreamBlock

from portal.content.blocks.call_to_action import CallToActionBlock
from portal.content.blocks.disclosure import DisclosureBlock
from portal.content.blocks.documents import DocumentsBlock
from portal.content.blocks.figures import FiguresBlock
from portal.content.blocks.heading import HeadingBlock
from portal.content.blocks.hero import HeroBlock
from portal.content.blocks.identity import IdentityBlock
from portal.content.blocks.latest_news import LatestNewsBlock
from portal.content.blocks.notice import NoticeBlock
from portal.content.blocks.panels import PanelsBlock
from portal.content.blocks.paragraph import ParagraphBlock
from portal.content.blocks.partners import PartnersBlock
from portal.content.blocks.picture import PictureBlock
from portal.content.blocks.quote import QuoteBlock
from portal.content.blocks.steps import StepsBlock
from portal.content.blocks.table import TableBlock


class BodyStack(StreamBlock):
    """What an article, a resource or a page of text may hold."""

    heading = HeadingBlock(label=_("Heading"))
    paragraph = ParagraphBlock(label=_("Paragraph"))
    picture = PictureBlock(label=_("Picture"))
    quote = QuoteBlock(label=_("Quotation"))
    table = TableBlock(label=_("Table"))
    notice = NoticeBlock(label=_("Notice"))
    disclosure = DisclosureBlock(label=_("Text to unfold"))
    documents = DocumentsBlock(label=_("Documents"))
    call_to_action = CallToActionBlock(label=_("Call to action"))
    identity = IdentityBlock(label=_("Identity of the portal"))


class HomeStack(StreamBlock):
    """What the home page may hold; the first block gives the page its only h1."""

    hero = HeroBlock(label=_("Promise"))
    panels = PanelsBlock(label=_("Panels of the portal's areas"))
    figures = FiguresBlock(label=_("Figures"))
    steps = StepsBlock(label=_("How it works"))
    latest_news = LatestNewsBlock(label=_("Latest news"))
    partners = PartnersBlock(label=_("Partners"))
    heading = HeadingBlock(label=_("Heading"))
    paragraph = ParagraphBlock(label=_("Paragraph"))
    call_to_action = CallToActionBlock(label=_("Call to action"))

    class Meta:
        block_counts = {"hero": {"max_num": 1}, "panels": {"max_num": 1}}
