// Exercises: the clock ticks, an opened message is told, a stop reaches every page. Every page works without this.
"use strict";
(() => {
  const { base = "", now: serverNow, replay } = document.body.dataset;
  if (!base || replay !== undefined) return; // not an exercise, or its past: nothing moves, nothing is sent
  const MINUTE_MS = 60000;
  const skew = Number(serverNow) - Date.now();
  const two = (n) => String(n).padStart(2, "0");
  const put = (place, text) => { if (place.textContent !== text) place.textContent = text; };
  const offset = ({ dataset: { offset, at, speed } }) => Number(offset) + Math.max(0, Date.now() + skew - Number(at)) * Number(speed);

  function tick() {
    const clocks = [...document.querySelectorAll(".exercise-time")];
    for (const place of clocks) {
      const seconds = Math.floor(offset(place) / 1000);
      put(place, `T+${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`);
    }
    if (!clocks.length) return;
    const now = offset(clocks[clocks.length - 1]);
    for (const place of document.querySelectorAll("[data-due]")) {
      const left = Math.floor((Number(place.dataset.due) - now) / MINUTE_MS);
      put(place, left <= 0 ? "maintenant" : left < 60 ? `dans ${left} min` : `dans ${Math.floor(left / 60)} h ${two(left % 60)}`);
    }
    // The cursor of the picture moves by whole pixels of its scale.
    for (const cursor of document.querySelectorAll("[data-cursor]")) {
      const { from, to, last } = cursor.dataset;
      const x = Number(from) + Math.min(now / Number(last), 1) * (Number(to) - Number(from));
      cursor.setAttribute("transform", `translate(${Math.round(x)} 0)`);
    }
  }
  setInterval(tick, 250);
  tick();

  // What a player opens is told at once, as soon as it is before their eyes; the button does the same.
  const read = document.querySelector("form[data-read]");
  function tellRead() {
    if (!read || read.hidden || document.hidden) return;
    fetch(read.action, { method: "POST", body: new FormData(read), headers: { Accept: "application/json" } })
      .then((response) => {
        if (!response.ok) return;
        const words = document.createElement("p");
        words.className = "small muted";
        words.textContent = "Lecture signalée\u00a0: l’animateur voit qui l’a lu.";
        read.hidden = true;
        read.after(words);
      })
      .catch(() => { /* the button stays */ });
  }
  tellRead();

  // A stop, a start or a new message reaches pages that follow nothing else. What is being typed is left alone.
  let asking = false;
  async function look() {
    if (asking || document.hidden) return;
    asking = true;
    try {
      const response = await fetch(base + "/horloge", { headers: { Accept: "application/json" } });
      if (response.ok) show(await response.json());
    } catch { /* the page says that the server is out of reach */ }
    asking = false;
  }
  function show({ stopped, band }) {
    const place = document.getElementById("bande-exercice");
    const known = place && place.querySelector(".stopped");
    const made = document.createElement("template");
    made.innerHTML = `<div id="bande-exercice">${band}</div>`;
    const fresh = made.content.firstElementChild;
    if (!place || place.isEqualNode(fresh) || (place.contains(document.activeElement) && !stopped)) return;
    place.replaceWith(fresh);
    tick();
    if (!stopped || known) return;
    // Real life first: the page scrolls as one, from what everybody must read.
    document.querySelector(".shell").classList.remove("fills");
    scrollTo(0, 0);
    fresh.querySelector(".stopped").focus();
  }
  document.addEventListener("pb:change", look);
  setInterval(look, MINUTE_MS);
  document.addEventListener("visibilitychange", () => { tick(); tellRead(); look(); });

  // The keys of the console.
  if (!document.querySelector(".console")) return;
  const press = (...ids) => ids.map((id) => document.getElementById(id)).find(Boolean)?.click();
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, button, a, summary")) return;
    if (event.key === " ") { event.preventDefault(); press("geste-suspendre", "geste-reprendre"); }
    else if (event.key === "j") { event.preventDefault(); press("jouer"); }
    else if (event.key === "o") { event.preventDefault(); document.getElementById("remarque")?.focus(); }
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const rows = [...document.querySelectorAll("#chronogramme tbody tr")];
      const at = rows.findIndex((row) => row.classList.contains("chosen"));
      const next = rows[at + (event.key === "ArrowDown" ? 1 : -1)];
      if (next) { event.preventDefault(); next.querySelector("a").click(); }
    }
  });
})();
