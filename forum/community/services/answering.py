"""When a question had its first answer, counted anew where messages come, go or are withdrawn."""

from forum.community.models import Discussion
from forum.community.selectors.people import author_ids
from forum.machina_apps.forum_conversation.models import Post


def recount_first_answer(topic_id: int) -> None:
    """Note when somebody other than who asked first answered with a message that readers read.

    Where who asked has left, any message answers.
    """
    posts = Post.objects.filter(topic=topic_id).order_by("created", "pk")
    first = posts.values_list("pk", flat=True).first()
    answers = list(posts.filter(approved=True).exclude(pk=first or 0).values_list("pk", "created"))
    authors = author_ids([first or 0, *(pk for pk, _created in answers)])
    asked_by = authors.get(first or 0)
    others = (created for pk, created in answers if asked_by is None or authors.get(pk) != asked_by)
    Discussion.objects.filter(pk=topic_id).update(first_answer_at=next(others, None))
