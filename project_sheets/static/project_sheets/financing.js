// The shares are computed while one types, as the server does it: half up, to a tenth of a per cent.
const total = document.querySelector("[name=total_budget]");
const form = total?.closest("form");
const NARROW = "\u202f";
const NBSP = "\u00a0";

// Amounts are counted in cents, as whole numbers: 0.1 + 0.2 is no amount.
function cents(text) {
  const typed = text.replace(/[\s\u00a0\u202f€%]/g, "");
  const dots = typed.split(".").length - 1;
  const plain = (dots > 1 || (dots && typed.includes(",")) ? typed.replaceAll(".", "") : typed).replace(",", ".");
  if (!/^\d{1,12}(\.\d{1,2})?$/.test(plain)) {
    return null;
  }
  const [whole, fraction = ""] = plain.split(".");
  return BigInt(whole) * 100n + BigInt(fraction.padEnd(2, "0"));
}

function grouped(whole) {
  return whole.toString().replace(/\B(?=(\d{3})+$)/g, NARROW);
}

function euros(amount) {
  const fraction = amount % 100n;
  const decimals = fraction ? `,${fraction.toString().padStart(2, "0")}` : "";
  return `${grouped(amount / 100n)}${decimals}${NBSP}€`;
}

// In tenths of a per cent.
function tenths(part, whole) {
  return (part * 2000n + whole) / (whole * 2n);
}

function percent(value) {
  const fraction = value % 10n;
  return `${grouped(value / 10n)}${fraction ? `,${fraction}` : ""}${NBSP}%`;
}

function show(name, text, scope = document) {
  const output = scope.querySelector(`[data-figure="${name}"]`);
  if (output && output.textContent !== text) {
    output.textContent = text;
  }
}

function say(element, text) {
  if (!element) {
    return;
  }
  const old = element.textContent.trim();
  if (old !== text) {
    const paragraph = document.createElement("p");
    paragraph.className = "live-warning";
    paragraph.textContent = text;
    element.replaceChildren(...(text ? [paragraph] : []));
  }
}

function compute() {
  const whole = cents(total.value);
  let named = 0n;
  let state = 0n;
  for (const row of form.querySelectorAll('[data-rows="funding_lines"] > fieldset')) {
    const amount = cents(row.querySelector("[name$='-amount']").value) ?? 0n;
    named += amount;
    if (row.querySelector("[name$='-category']").value === "state") {
      state += amount;
    }
    const share = whole ? tenths(amount, whole) : null;
    show("share", share === null ? "–" : percent(share), row);
    const printed = cents(row.querySelector("[name$='-stated_share']").value);
    const warning = row.querySelector("[data-share-warning]");
    const differs = printed !== null && share !== null && (printed - share * 10n > 10n || share * 10n - printed > 10n);
    const text = warning.dataset.text
      .replace("%(printed)s", printed === null ? "" : percent((printed + 5n) / 10n))
      .replace("%(computed)s", share === null ? "" : percent(share));
    say(warning, differs ? text : "");
  }
  show("named", euros(named));
  show("state", whole ? `${percent(tenths(state, whole))} (${euros(state)})` : "–");
  const isOver = whole !== null && named > whole;
  show("rest", whole && !isOver ? `${percent(tenths(whole - named, whole))} (${euros(whole - named)})` : "–");
  const error = document.querySelector("[data-sum-error]");
  say(error, isOver ? error.dataset.text.replace("%(sum)s", euros(named)) : "");
}

if (form) {
  form.addEventListener("input", compute);
  form.addEventListener("change", compute);
  form.addEventListener("rows-changed", compute);
}
