"""machina's own profiles; ours are ``directory.Profile``, and nothing is kept here."""

from machina.apps.forum_member.abstract_models import AbstractForumProfile


class ForumProfile(AbstractForumProfile):
    """Required by machina's relations."""

    class Meta(AbstractForumProfile.Meta):
        app_label = "forum_member"
        ordering = ["pk"]

    def __str__(self) -> str:
        """Name the person: stock machina prints the login, here an e-mail address."""
        return str(self.user)
