/* The phone's menu opens without script by going to #menu; here it becomes a toggle that leaves
   the address and the history alone. */
const header = document.querySelector("#haut");
const toggle = header?.querySelector("[data-menu-toggle]");
const close = header?.querySelector("[data-menu-close]");

function setOpen(open) {
  header.classList.toggle("is-open", open);
  toggle.setAttribute("aria-expanded", String(open));
}

if (toggle && close) {
  header.classList.add("is-scripted");
  for (const control of [toggle, close]) {
    control.setAttribute("role", "button");
    control.addEventListener("keydown", (event) => {
      if (event.key === " ") {
        event.preventDefault();
        control.click();
      }
    });
  }
  toggle.setAttribute("aria-controls", "menu");
  setOpen(false);
  toggle.addEventListener("click", (event) => {
    event.preventDefault();
    setOpen(true);
    close.focus();
  });
  close.addEventListener("click", (event) => {
    event.preventDefault();
    setOpen(false);
    toggle.focus();
  });
  // The skip links lead into the closed menu: open it, then go there.
  const openAtTarget = () => {
    const target = document.getElementById(location.hash.slice(1));
    if (target && target !== header && header.contains(target)) {
      setOpen(true);
      target.focus();
    }
  };
  window.addEventListener("hashchange", openAtTarget);
  openAtTarget();
  header.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && header.classList.contains("is-open")) {
      setOpen(false);
      toggle.focus();
    }
  });
}
