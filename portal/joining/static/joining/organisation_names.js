// Suggests the organisations of the directory while somebody types a name; the form works without it.
const list = document.getElementById("organisation-names");
const input = list && document.querySelector(`input[list="${list.id}"]`);

if (input) {
  let timer = 0;
  let asked = "";

  const suggest = async () => {
    const text = input.value.trim();
    if (text.length < 2 || text === asked) {
      return;
    }
    asked = text;
    const response = await fetch(`${list.dataset.source}?q=${encodeURIComponent(text)}`);
    if (!response.ok || asked !== text) {
      return;
    }
    const { names } = await response.json();
    list.replaceChildren(
      ...names.map((name) => {
        const option = document.createElement("option");
        option.value = name;
        return option;
      }),
    );
  };

  input.addEventListener("input", () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(suggest, 200);
  });
}
