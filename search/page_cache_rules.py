"""What search remembers: the words that stand for each other."""

from portal.core.areas import declare

declare("search", "search.SynonymGroup", "taxonomy.GlossaryEntry")
