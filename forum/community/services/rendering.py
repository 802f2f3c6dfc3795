"""The stored HTML of messages, made again when the renderer changes."""

from forum.community.models import Message
from forum.machina_apps.forum_conversation.models import Post
from portal.core.markdown import render_markdown

BATCH = 500


def rerender_outdated(*, everything: bool = False) -> int:
    """Render again what an older renderer made; returns how many messages.

    ``bulk_create`` and ``update`` leave the stored HTML empty: whoever uses them sets ``renderer`` to 0
    and calls this. Batches follow the primary key, so that a run that is interrupted goes on.
    """
    done, last = 0, 0
    while True:
        outdated = Message.objects.filter(pk__gt=last).select_related("post").order_by("pk")
        if not everything:
            outdated = outdated.exclude(renderer=Message.RENDERER)
        messages = list(outdated[:BATCH])
        if not messages:
            return done
        for message in messages:
            message.post._content_rendered = render_markdown(message.post.content.raw)
            message.renderer = Message.RENDERER
        Post.objects.bulk_update([message.post for message in messages], ["_content_rendered"])
        Message.objects.bulk_update(messages, ["renderer"])
        done, last = done + len(messages), messages[-1].pk
