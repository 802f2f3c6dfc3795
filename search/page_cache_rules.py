"""What search remembers: the words that stand for each other, the groups that tokens come from."""

from portal.core.areas import declare

declare("search", "search.SynonymGroup", "taxonomy.GlossaryEntry")
declare("groups", "auth.Group", "accounts.User_groups")
