/* The editor of messages: a toolbar, a draft kept as one types, names after "@", discussions that
   resemble the question. Without this script the form works: "Preview", "Keep as a draft" and
   "See whether it was asked before" are buttons of the page. */

const DRAFT_AFTER = 1500;
const ASK_AFTER = 400;

function later(call, delay) {
  let timer;
  return (...values) => {
    clearTimeout(timer);
    timer = setTimeout(() => call(...values), delay);
  };
}

function typed(area) {
  area.dispatchEvent(new Event("input", { bubbles: true }));
}

/* Marks around what is selected, or around a place to write. */
function surround(area, mark) {
  const { selectionStart: start, selectionEnd: end, value } = area;
  area.setRangeText(`${mark}${value.slice(start, end)}${mark}`, start, end, "end");
  if (start === end) {
    area.setSelectionRange(start + mark.length, start + mark.length);
  }
  typed(area);
}

function beginLines(area, mark) {
  const start = area.value.lastIndexOf("\n", area.selectionStart - 1) + 1;
  const chosen = area.value.slice(start, area.selectionEnd);
  area.setRangeText(chosen.split("\n").map((line) => mark + line).join("\n"), start, area.selectionEnd, "end");
  typed(area);
}

function insertLink(area, text) {
  const chosen = area.value.slice(area.selectionStart, area.selectionEnd) || text;
  const start = area.selectionStart;
  area.setRangeText(`[${chosen}](https://)`, start, area.selectionEnd, "end");
  const address = start + chosen.length + 3;
  area.setSelectionRange(address, address + 8);
  typed(area);
}

function setUpToolbar(editor, area) {
  const toolbar = editor.querySelector("[role=toolbar]");
  const buttons = [...toolbar.querySelectorAll("button")];
  area.before(toolbar);
  toolbar.hidden = false;
  /* One stop of the Tab key; arrows go from tool to tool. */
  buttons.forEach((button, place) => {
    button.tabIndex = place ? -1 : 0;
    button.addEventListener("click", () => {
      area.focus();
      if (button.dataset.mark) surround(area, button.dataset.mark);
      else if (button.dataset.line) beginLines(area, button.dataset.line);
      else insertLink(area, button.dataset.link);
    });
  });
  toolbar.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const here = buttons.indexOf(document.activeElement);
    const next = buttons[(here + step + buttons.length) % buttons.length];
    buttons.forEach((button) => { button.tabIndex = button === next ? 0 : -1; });
    next.focus();
  });
}

function setUpDraft(editor, form) {
  const key = form.querySelector("[name=brouillon]");
  const state = editor.querySelector("[data-draft-state]");
  if (!key) return;
  let sent = false;
  const keep = later(async () => {
    if (sent) return;
    const values = new FormData(form);
    values.delete("files");
    try {
      const answer = await fetch(editor.dataset.draftUrl, { method: "POST", body: values });
      if (!answer.ok) throw new Error(answer.status);
      const time = new Date().toLocaleTimeString("fr-FR", { hour: "2-digit", minute: "2-digit" });
      state.textContent = `${editor.dataset.kept} ${time}`;
    } catch {
      state.textContent = editor.dataset.notKept;
    }
  }, DRAFT_AFTER);
  form.addEventListener("input", keep);
  form.addEventListener("submit", () => { sent = true; });
}

/* Names after "@": a list under the text, chosen by arrows and Enter, closed by Escape. */
function setUpNames(editor, area) {
  const list = document.createElement("ul");
  list.className = "names";
  list.id = `${area.id}-names`;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "@");
  list.hidden = true;
  area.after(list);
  area.setAttribute("aria-autocomplete", "list");
  area.setAttribute("aria-controls", list.id);
  let chosen = -1;
  let began = -1;

  function close() {
    list.hidden = true;
    list.replaceChildren();
    area.removeAttribute("aria-activedescendant");
    chosen = -1;
  }

  function mark(place) {
    const options = [...list.children];
    chosen = (place + options.length) % options.length;
    options.forEach((option, at) => option.setAttribute("aria-selected", String(at === chosen)));
    area.setAttribute("aria-activedescendant", options[chosen].id);
  }

  function take(name) {
    area.setRangeText(`@${name} `, began, area.selectionStart, "end");
    close();
    area.focus();
    typed(area);
  }

  const ask = later(async (text) => {
    const answer = await fetch(`${editor.dataset.namesUrl}?q=${encodeURIComponent(text)}`);
    if (!answer.ok) return close();
    const { members } = await answer.json();
    if (!members.length) return close();
    list.replaceChildren(...members.map((member, place) => {
      const option = document.createElement("li");
      option.id = `${list.id}-${place}`;
      option.setAttribute("role", "option");
      option.append(member.name);
      if (member.job) {
        const job = document.createElement("span");
        job.textContent = member.job;
        option.append(job);
      }
      option.addEventListener("mousedown", (event) => {
        event.preventDefault();
        take(member.name);
      });
      option.dataset.name = member.name;
      return option;
    }));
    list.hidden = false;
    mark(0);
  }, ASK_AFTER);

  area.addEventListener("input", () => {
    const before = area.value.slice(0, area.selectionStart);
    const found = before.match(/(?:^|[\s(])@([\p{L}][\p{L}\p{N}’'-]*(?: [\p{L}\p{N}’'-]*)?)$/u);
    if (!found) return close();
    began = before.length - found[1].length - 1;
    ask(found[1]);
  });
  area.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown") mark(chosen + 1);
    else if (event.key === "ArrowUp") mark(chosen - 1);
    else if (event.key === "Enter" || event.key === "Tab") take(list.children[chosen].dataset.name);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });
  area.addEventListener("blur", close);
}

function setUpSimilar(field, place) {
  let asked = field.value;
  field.addEventListener("input", later(async () => {
    const text = field.value.trim();
    if (text === asked) return;
    asked = text;
    const answer = await fetch(`${place.dataset.similarUrl}?q=${encodeURIComponent(text)}`);
    if (answer.ok && text === asked) {
      place.innerHTML = (await answer.text()).trim();
    }
  }, ASK_AFTER));
}

for (const editor of document.querySelectorAll("[data-editor-of]")) {
  const area = document.getElementById(editor.dataset.editorOf);
  setUpToolbar(editor, area);
  setUpNames(editor, area);
  setUpDraft(editor, area.form);
}
const title = document.querySelector("[data-similar]");
const place = document.querySelector("[data-similar-url]");
if (title && place) {
  setUpSimilar(title, place);
}
/* After a preview or a mistake, what is to be read comes first. */
document.querySelector("#apercu")?.focus();
