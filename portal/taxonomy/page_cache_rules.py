"""Whose change renews which of the visitors' pages."""

from portal.core.areas import declare

#: Pages that show names of territories, themes, audiences, sectors or occupations.
declare(
    "taxonomy",
    "taxonomy.Territory",
    "taxonomy.Theme",
    "taxonomy.Audience",
    "taxonomy.Sector",
    "taxonomy.Occupation",
)
#: Pages whose texts link to the glossary.
declare("glossary", "taxonomy.GlossaryEntry")
