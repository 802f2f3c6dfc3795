// Follows an import while its page is open, then shows what came of it; a link does the same without script.
const place = document.querySelector("[data-import-progress]");

if (place) {
  const bar = place.querySelector("progress");

  const look = async () => {
    const response = await fetch(place.dataset.importProgress, { cache: "no-store" });
    if (!response.ok) {
      return;
    }
    const { state, done, total } = await response.json();
    if (state !== place.dataset.state) {
      window.location.reload();
      return;
    }
    bar.max = total || 1;
    bar.value = done;
    place.querySelector("[data-done]").textContent = done;
    place.querySelector("[data-total]").textContent = total;
    window.setTimeout(look, 2000);
  };

  window.setTimeout(look, 1000);
}
