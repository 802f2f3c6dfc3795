"""Which changes make visitors' pages of the forum stale."""

from portal.core.areas import declare

#: What pages of the forum show: what was said, in whose name, of which place; names are hidden as soon as asked.
AREAS = ("forum", "directory", "people", "taxonomy")

declare(
    "forum",
    "forum.Forum",
    "forum_conversation.Topic",
    "forum_conversation.Post",
    "forum_attachments.Attachment",
    "forum_polls.TopicPoll",
    "forum_polls.TopicPollOption",
    "forum_polls.TopicPollVote",
    "community_forum.Space",
    "community_forum.Discussion",
    "community_forum.Message",
    "community_forum.UsefulVote",
    "community_forum.Citation",
)

declare("citations", "community_forum.Citation")
# Who reads which space: asked for at every page, and nothing that anyone writes changes it.
declare("spaces", "community_forum.Space")
