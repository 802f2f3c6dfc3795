// The map to zoom into, over the same figures as the drawing: loaded only when it is asked for.
const WHOLE_FRANCE = [[41.2, -5.3], [51.2, 9.7]];

function load(element) {
  return new Promise((resolve, reject) => {
    element.addEventListener("load", resolve);
    element.addEventListener("error", reject);
    document.head.append(element);
  });
}

async function loadLeaflet(map) {
  if (window.L) return;
  const style = Object.assign(document.createElement("link"), { rel: "stylesheet", href: map.dataset.leafletStyle });
  const script = Object.assign(document.createElement("script"), { src: map.dataset.leaflet });
  await Promise.all([load(style), load(script)]);
}

function listed(map) {
  const entries = new Map();
  for (const row of map.querySelectorAll("[data-code]")) {
    const link = row.querySelector("a");
    const value = row.querySelector(".map__value").textContent;
    entries.set(row.dataset.code, { step: row.dataset.step, url: link.href, label: `${link.textContent} : ${value}` });
  }
  return entries;
}

// Leaflet takes text for markup: only text nodes go in.
function words(text) {
  const span = document.createElement("span");
  span.textContent = text;
  return span;
}

function drawShapes(L, map, canvas, shapes) {
  const entries = listed(map);
  L.geoJSON(shapes, {
    style: ({ properties }) => {
      const entry = entries.get(properties.code);
      return { className: `chart-area${entry ? ` chart-area--${entry.step}` : ""}`, interactive: Boolean(entry) };
    },
    onEachFeature: ({ properties }, layer) => {
      const entry = entries.get(properties.code);
      if (!entry) return;
      layer.bindTooltip(words(entry.label), { sticky: true });
      layer.on("click", () => window.location.assign(entry.url));
      layer.on("add", () => makeReachable(layer.getElement(), entry));
    },
  }).addTo(canvas);
}

function makeReachable(path, entry) {
  path.setAttribute("tabindex", "0");
  path.setAttribute("role", "link");
  path.setAttribute("aria-label", entry.label);
  path.addEventListener("keydown", (event) => {
    if (event.key === "Enter") window.location.assign(entry.url);
  });
}

function drawPoints(L, canvas, points) {
  L.geoJSON(points, {
    pointToLayer: (_feature, place) => L.circleMarker(place, { radius: 7, className: "map__point" }),
    onEachFeature: ({ properties }, layer) => {
      const link = document.createElement("a");
      link.href = properties.url;
      link.textContent = properties.title;
      layer.bindPopup(link);
      layer.bindTooltip(words(properties.title));
    },
  }).addTo(canvas);
}

async function read(url) {
  const answer = await fetch(url, { credentials: "same-origin" });
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return answer.json();
}

async function open(map, frame) {
  const { shapes, points, tiles, credit, labelIn, labelOut, labelMap } = map.dataset;
  const [outlines, places] = await Promise.all([read(shapes), points ? read(points) : null, loadLeaflet(map)]);
  const L = window.L;
  frame.setAttribute("role", "region");
  frame.setAttribute("aria-label", labelMap);
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const canvas = L.map(frame, { zoomControl: false, zoomAnimation: !still, fadeAnimation: !still, minZoom: 2, maxZoom: 12, zoomSnap: 0.25 });
  canvas.attributionControl.setPrefix(false);
  L.control.zoom({ zoomInTitle: labelIn, zoomOutTitle: labelOut }).addTo(canvas);
  if (tiles) {
    frame.classList.add("map__frame--tiles");
    const text = words(credit ?? "").innerHTML;
    L.tileLayer(tiles, { attribution: text, maxZoom: 18 }).addTo(canvas);
  }
  canvas.fitBounds(WHOLE_FRANCE);
  drawShapes(L, map, canvas, outlines);
  if (places) drawPoints(L, canvas, places);
}

function enhance(map) {
  const picture = map.querySelector(".map__picture");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button--quiet fr-btn fr-btn--secondary map__open";
  button.textContent = map.dataset.labelOpen;
  button.setAttribute("aria-expanded", "false");
  let frame = null;
  button.addEventListener("click", async () => {
    const isOpen = picture.toggleAttribute("data-zoomed");
    button.setAttribute("aria-expanded", String(isOpen));
    button.textContent = isOpen ? map.dataset.labelClose : map.dataset.labelOpen;
    if (frame) frame.hidden = !isOpen;
    if (!isOpen || frame) return;
    frame = document.createElement("div");
    frame.className = "map__frame";
    picture.prepend(frame);
    try {
      await open(map, frame);
    } catch (error) {
      // The drawing and the list are still there: go back to them.
      frame.remove();
      button.remove();
      picture.removeAttribute("data-zoomed");
      throw error;
    }
  });
  picture.append(button);
}

document.querySelectorAll("[data-map]").forEach(enhance);
