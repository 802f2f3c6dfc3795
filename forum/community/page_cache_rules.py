"""Which changes make visitors' pages of the forum stale."""

from portal.core.areas import declare

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
