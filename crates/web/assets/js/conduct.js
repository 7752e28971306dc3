// Exercises: the clock ticks, an opened message is told, a stop reaches every page. Every page works without this.
"use strict";
(() => {
  const { base = "", now: serverNow } = document.body.dataset;
  if (!base) return;
  const skew = Number(serverNow) - Date.now();
  const two = (n) => String(n).padStart(2, "0");
  function tick() {
    for (const place of document.querySelectorAll(".exercise-time")) {
      const { offset, at, speed } = place.dataset;
      const ms = Number(offset) + Math.max(0, Date.now() + skew - Number(at)) * Number(speed);
      const seconds = Math.floor(ms / 1000);
      const text = `T+${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
      if (place.textContent !== text) place.textContent = text;
    }
  }
  setInterval(tick, 250);
  tick();

  // What a player opens is told at once; the button does the same.
  const read = document.querySelector("form[data-read]");
  if (read) {
    fetch(read.action, { method: "POST", body: new FormData(read), headers: { Accept: "application/json" } })
      .then((response) => { if (response.ok) read.hidden = true; })
      .catch(() => { /* the button stays */ });
  }

  // A stop, a start or a new message reaches pages that follow nothing else.
  let asking = false;
  async function look() {
    if (asking) return;
    asking = true;
    try {
      const response = await fetch(base + "/horloge", { headers: { Accept: "application/json" } });
      if (response.ok) {
        const { stopped, band } = await response.json();
        if (stopped && !document.querySelector(".stopped")) { location.reload(); return; }
        const place = document.getElementById("bande-exercice");
        const made = document.createElement("template");
        made.innerHTML = band;
        const fresh = made.content.firstElementChild, old = place && place.firstElementChild;
        if (old && fresh && !old.contains(document.activeElement) && !old.isEqualNode(fresh)) { old.replaceWith(fresh); tick(); }
      }
    } catch { /* the page says that the server is out of reach */ }
    asking = false;
  }
  document.addEventListener("pb:change", look);

  // The keys of the console.
  const console_ = document.querySelector(".console");
  if (!console_) return;
  const press = (selector) => { const button = document.querySelector(selector); if (button) button.click(); };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, button, a, summary")) return;
    if (event.key === " ") { event.preventDefault(); press("#horloge form:first-of-type button"); }
    else if (event.key === "j") { event.preventDefault(); press(".pane-stimulus .acts form:first-child button"); }
    else if (event.key === "o") { event.preventDefault(); document.getElementById("remarque")?.focus(); }
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const rows = [...document.querySelectorAll("#chronogramme tbody tr")];
      const at = rows.findIndex((row) => row.classList.contains("chosen"));
      const next = rows[at + (event.key === "ArrowDown" ? 1 : -1)];
      if (next) { event.preventDefault(); next.querySelector("a").click(); }
    }
  });
})();
