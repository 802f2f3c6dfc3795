// Suggests organisations of the directory in the inputs that name one; the form works without it.
const list = document.querySelector("datalist[data-source]");
let timer = 0;
let asked = "";

const suggest = async (text) => {
  if (text.length < 3 || text === asked) {
    return;
  }
  asked = text;
  const response = await fetch(`${list.dataset.source}?${new URLSearchParams({ nom: text })}`);
  if (!response.ok || asked !== text) {
    return;
  }
  const { found } = await response.json();
  list.replaceChildren(
    ...found.map((one) => {
      const option = document.createElement("option");
      option.value = one.name;
      option.label = one.about;
      return option;
    }),
  );
};

for (const input of list ? document.querySelectorAll(`input[list="${list.id}"]`) : []) {
  input.addEventListener("input", () => {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => suggest(input.value.trim()), 200);
  });
}
