// The form of a sheet saves itself while one types, and adds or moves rows without leaving the page.
// Everything here is done by the server too: without script the same buttons post the same form.
const place = document.querySelector("[data-sheet-form]");
const form = place?.closest("form");
const status = document.querySelector("[data-save-status]");
const SAVE_AFTER = 2500;

let timer = 0;
let isDirty = false;
// The saving under way, or nothing.
let sending = null;
let isLeaving = false;
const WAIT_AT_MOST = 8000;

function say(text, state = "") {
  status.textContent = text;
  status.dataset.state = state;
}

function content(action) {
  const data = new FormData(form);
  for (const [name, value] of [...data]) {
    if (value instanceof File) {
      data.delete(name);
    }
  }
  data.set("action", action);
  return data;
}

async function post(data) {
  // Not form.action: a button of that name hides it.
  return fetch(form.getAttribute("action") || location.href, { method: "POST", body: data, credentials: "same-origin" });
}

function plan() {
  window.clearTimeout(timer);
  timer = window.setTimeout(save, SAVE_AFTER);
}

function save() {
  if (sending) {
    plan();
    return;
  }
  sending = send().finally(() => {
    sending = null;
  });
}

async function send() {
  isDirty = false;
  say(place.dataset.saving);
  try {
    const response = await post(content("autosave"));
    const answer = await response.json();
    if (response.ok) {
      form.elements.seen.value = answer.seen;
      say(answer.message, "saved");
    } else {
      isDirty = true;
      say(answer.message, "error");
    }
  } catch {
    isDirty = true;
    say(place.dataset.failed, "error");
  }
}

function note(event) {
  if (event.target.type === "file" || event.target.closest("[data-no-save]")) {
    return;
  }
  isDirty = true;
  say(place.dataset.unsaved);
  plan();
}

// A row more or less: the server answers with the whole step; the list concerned takes its place.
async function changeRows(button) {
  const [, prefix] = button.value.split(":");
  const outer = prefix.split("-")[0];
  const old = form.querySelector(`[data-rows="${outer}"]`);
  const response = await post(content(button.value));
  if (!response.ok || !old) {
    throw new Error("rows");
  }
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const fresh = page.querySelector(`[data-rows="${outer}"]`);
  old.replaceWith(fresh);
  const target = fresh.querySelector("[autofocus]") || fresh.querySelector(`[value="add:${prefix}"]`);
  target?.focus();
  isDirty = true;
  say(place.dataset.unsaved);
  plan();
  fresh.dispatchEvent(new CustomEvent("rows-changed", { bubbles: true }));
}

if (form && status) {
  form.addEventListener("input", note);
  form.addEventListener("change", note);
  form.addEventListener("click", async (event) => {
    const button = event.target.closest("button[name=action]");
    if (!button || !/^(add|remove|up):/.test(button.value)) {
      return;
    }
    event.preventDefault();
    try {
      await changeRows(button);
    } catch {
      // The long way round always works.
      form.requestSubmit(button);
    }
  });
  form.addEventListener("submit", async (event) => {
    window.clearTimeout(timer);
    isDirty = false;
    if (isLeaving) {
      event.preventDefault();
      return;
    }
    if (!sending) {
      return;
    }
    // Two savings at once would look like two people: the answer first, then this one.
    event.preventDefault();
    isLeaving = true;
    const button = event.submitter;
    await Promise.race([sending, new Promise((done) => window.setTimeout(done, WAIT_AT_MOST))]);
    isLeaving = false;
    isDirty = false;
    sending = null;
    form.requestSubmit(button);
  });
  window.addEventListener("beforeunload", (event) => {
    if (isDirty) {
      event.preventDefault();
    }
  });
}

// Names of the directory are suggested while one types, in whichever row.
const names = document.getElementById("organisation-names");
let asked = "";
let waiting = 0;

async function suggest(text) {
  asked = text;
  const response = await fetch(`${names.dataset.source}?q=${encodeURIComponent(text)}`);
  if (response.ok && asked === text) {
    const found = (await response.json()).names;
    names.replaceChildren(...found.map((name) => Object.assign(document.createElement("option"), { value: name })));
  }
}

if (names) {
  document.addEventListener("input", (event) => {
    const text = event.target.value?.trim() ?? "";
    if (event.target.getAttribute("list") !== names.id || text.length < 2 || text === asked) {
      return;
    }
    window.clearTimeout(waiting);
    waiting = window.setTimeout(() => suggest(text), 200);
  });
}
