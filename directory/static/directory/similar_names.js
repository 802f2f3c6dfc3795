// Tells, while a name is typed, which organisations of the directory it resembles; the form works without it.
const place = document.querySelector("[data-similar-names]");
const name = document.querySelector("input[name='name']");
const commune = document.querySelector("input[name='place']");

if (place && name) {
  let timer = 0;
  let asked = "";

  const show = (found) => {
    place.replaceChildren();
    if (!found.length) {
      return;
    }
    const title = document.createElement("p");
    title.textContent = place.dataset.title;
    const list = document.createElement("ul");
    for (const one of found) {
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.href = one.url;
      link.textContent = one.name;
      item.append(link, ` – ${one.about}`);
      list.append(item);
    }
    place.append(title, list);
  };

  const ask = async () => {
    const query = new URLSearchParams({ nom: name.value.trim(), commune: commune ? commune.value.trim() : "" });
    if (place.dataset.besides) {
      query.set("sauf", place.dataset.besides);
    }
    const address = `${place.dataset.similarNames}?${query}`;
    if (address === asked || name.value.trim() === name.defaultValue) {
      return;
    }
    asked = address;
    const response = await fetch(address);
    if (response.ok && address === asked) {
      show((await response.json()).found);
    }
  };

  for (const input of [name, commune]) {
    input?.addEventListener("input", () => {
      window.clearTimeout(timer);
      timer = window.setTimeout(ask, 300);
    });
  }
}
