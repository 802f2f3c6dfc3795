"""What to measure: written by the process that makes the data, read by the one that measures."""

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path


@dataclass(frozen=True)
class PlannedPage:
    """A page whose address is known."""

    name: str
    path: str
    roles: tuple[str, ...]
    target_ms: float | None


@dataclass(frozen=True)
class Plan:
    """The pages, and a session cookie for each role that signs in."""

    pages: tuple[PlannedPage, ...]
    cookies: dict[str, str]

    def write(self, path: Path) -> None:
        """Write the plan as JSON; it holds sessions, and so is for its owner alone."""
        path.touch(mode=0o600)
        path.write_text(json.dumps(asdict(self)), encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> "Plan":
        """Read a plan that ``write`` wrote."""
        found = json.loads(path.read_text(encoding="utf-8"))
        pages = tuple(PlannedPage(**{**page, "roles": tuple(page["roles"])}) for page in found["pages"])
        return cls(pages, found["cookies"])

    def only(self, names: list[str]) -> "Plan":
        """Keep the pages of these names (all of them if there is no name); ValueError on an unknown one."""
        unknown = set(names) - {page.name for page in self.pages}
        if unknown:
            known = ", ".join(page.name for page in self.pages)
            raise ValueError(f"page inconnue : {', '.join(sorted(unknown))} ; il y a {known}")
        return Plan(tuple(page for page in self.pages if not names or page.name in names), self.cookies)

    def without(self, failed: set[tuple[str, str]]) -> "Plan":
        """Leave out these (page, role): they did not answer."""
        kept = (
            replace(page, roles=tuple(role for role in page.roles if (page.name, role) not in failed))
            for page in self.pages
        )
        return Plan(tuple(page for page in kept if page.roles), self.cookies)
