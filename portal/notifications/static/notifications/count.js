/* The number beside "Notifications" of a page that stays open: asked again when the person comes back
   to it, never by a clock: a request that nobody made would keep a forgotten session alive. */
const link = document.querySelector("[data-count-url]");
const SECONDS = 30;
let askedAt = Date.now();

async function refresh() {
  if (document.visibilityState !== "visible" || Date.now() - askedAt < SECONDS * 1000) {
    return;
  }
  askedAt = Date.now();
  const response = await fetch(link.dataset.countUrl, { redirect: "error", headers: { Accept: "application/json" } });
  if (response.ok) {
    const { count } = await response.json();
    const shown = link.querySelector("[data-count]");
    shown.hidden = count === 0;
    shown.querySelector("[data-number]").textContent = String(count);
  }
}

function refreshQuietly() {
  // Offline, or signed out elsewhere: the number stays as it was.
  refresh().catch(() => {});
}

if (link) {
  document.addEventListener("visibilitychange", refreshQuietly);
  window.addEventListener("focus", refreshQuietly);
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) {
      askedAt = 0;
      refreshQuietly();
    }
  });
}
