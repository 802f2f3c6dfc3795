/* Completes what is typed in a search box: the combobox pattern of the ARIA practices, a list of
   options below the box. Without this module the box is a plain form. Options are questions, which
   are searched, and documents, which are opened. */
const PAUSE = 150;
const SHORTEST = 2;

class Suggestions {
  constructor(input) {
    this.input = input;
    this.url = input.dataset.suggest;
    this.active = -1;
    this.options = [];
    this.timer = 0;
    this.asked = null;
    this.build();
    input.addEventListener("input", () => this.wait());
    input.addEventListener("keydown", (event) => this.press(event));
    input.addEventListener("blur", () => this.close());
  }

  build() {
    const { input } = this;
    this.list = document.createElement("ul");
    this.list.id = `${input.id}-suggestions`;
    this.list.className = "suggestions";
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", input.dataset.suggestLabel);
    this.list.hidden = true;
    // A press on an option must not take the focus from the box before it is chosen.
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.choose(this.options.indexOf(option));
    });
    this.status = document.createElement("p");
    this.status.className = "suggestions__status";
    this.status.setAttribute("role", "status");
    const holder = document.createElement("div");
    holder.className = "suggestions-holder";
    input.replaceWith(holder);
    holder.append(input, this.list, this.status);
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-expanded", "false");
    input.setAttribute("aria-controls", this.list.id);
    input.setAttribute("autocomplete", "off");
  }

  wait() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), PAUSE);
  }

  async ask() {
    const typed = this.input.value;
    this.asked?.abort();
    if (typed.trim().length < SHORTEST) {
      this.close();
      return;
    }
    this.asked = new AbortController();
    try {
      const response = await fetch(`${this.url}?q=${encodeURIComponent(typed)}`, { signal: this.asked.signal });
      if (!response.ok) throw new Error(String(response.status));
      const found = await response.json();
      if (this.input.value === typed && document.activeElement === this.input) this.show(found);
    } catch {
      // Completing is a help, not a need: the form works without it.
      this.close();
    }
  }

  show({ questions, titles }) {
    this.options = [
      ...questions.map((question) => this.option(question, "", { question })),
      ...titles.map(({ title, kind, url }) => this.option(title, kind, { url })),
    ];
    this.options.forEach((option, index) => (option.id = `${this.list.id}-${index}`));
    this.list.replaceChildren(...this.options);
    this.setActive(-1);
    const count = this.options.length;
    this.list.hidden = count === 0;
    this.input.setAttribute("aria-expanded", String(count > 0));
    const { suggestNone, suggestOne, suggestMany } = this.input.dataset;
    this.status.textContent = [suggestNone, suggestOne][count] ?? suggestMany.replace("{count}", count);
  }

  option(text, kind, data) {
    const option = document.createElement("li");
    option.className = "suggestions__option";
    option.setAttribute("role", "option");
    option.setAttribute("aria-selected", "false");
    option.append(text);
    if (kind) {
      const label = document.createElement("span");
      label.className = "suggestions__kind";
      label.textContent = kind;
      option.append(" ", label);
    }
    Object.assign(option.dataset, data);
    return option;
  }

  press(event) {
    const count = this.options.length;
    const isOpen = !this.list.hidden;
    if (event.key === "ArrowDown" && !isOpen) {
      event.preventDefault();
      this.ask();
    } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && count) {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      // One place more than options: the box itself.
      this.setActive(((this.active + 1 + step + count + 1) % (count + 1)) - 1);
    } else if (event.key === "Enter" && isOpen && this.active >= 0) {
      event.preventDefault();
      this.choose(this.active);
    } else if (event.key === "Escape" && isOpen) {
      event.preventDefault();
      this.close();
    }
  }

  setActive(index) {
    this.options[this.active]?.setAttribute("aria-selected", "false");
    this.active = index;
    const option = this.options[index];
    option?.setAttribute("aria-selected", "true");
    option?.scrollIntoView({ block: "nearest" });
    if (option) this.input.setAttribute("aria-activedescendant", option.id);
    else this.input.removeAttribute("aria-activedescendant");
  }

  choose(index) {
    const { question, url } = this.options[index].dataset;
    this.close();
    if (url) {
      location.assign(url);
    } else {
      this.input.value = question;
      this.input.form.requestSubmit();
    }
  }

  close() {
    clearTimeout(this.timer);
    this.asked?.abort();
    this.options = [];
    this.list.replaceChildren();
    this.list.hidden = true;
    this.active = -1;
    this.status.textContent = "";
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}

for (const input of document.querySelectorAll("input[data-suggest]")) new Suggestions(input);
