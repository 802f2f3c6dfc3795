"""What a browser would send of the form that a page shows, nothing changed."""

from html.parser import HTMLParser


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, list[str]]] = []
        self._area = self._select = ""
        self._takes_many = False
        self._options: list[tuple[str, bool]] = []
        self._text: list[str] = []

    def _put(self, name: str, value: str) -> None:
        if self.forms and name:
            self.forms[-1].setdefault(name, []).append(value)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        name, value = attributes.get("name") or "", attributes.get("value")
        if tag == "form":
            self.forms.append({})
        elif tag == "input":
            kind = attributes.get("type")
            if kind in {"checkbox", "radio"} and "checked" in attributes:
                self._put(name, value or "on")
            elif kind not in {"checkbox", "radio", "file", "submit"}:
                self._put(name, value or "")
        elif tag == "textarea":
            self._area, self._text = name, []
        elif tag == "select":
            self._select, self._options, self._takes_many = name, [], "multiple" in attributes
        elif tag == "option" and self._select:
            self._options.append((value or "", "selected" in attributes))

    def handle_data(self, data: str) -> None:
        self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._area:
            # The first line break after the tag is no part of the text.
            self._put(self._area, "".join(self._text).removeprefix("\n").removeprefix("\r\n"))
            self._area = ""
        elif tag == "select" and self._select:
            chosen = [value for value, is_selected in self._options if is_selected]
            if not self._takes_many:
                # A list of one shows its first choice where none is selected; a list of many sends nothing.
                chosen = (chosen or [value for value, _chosen in self._options] or [""])[:1]
            for value in chosen:
                self._put(self._select, value)
            self._select = ""


def form_data(html: str, holding: str) -> dict[str, list[str]]:
    """Return what the form that has a field ``holding`` would send; raises StopIteration where none has."""
    parser = _Forms()
    parser.feed(html)
    return next(form for form in parser.forms if holding in form)
