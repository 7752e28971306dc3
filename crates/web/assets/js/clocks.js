// Clocks of pages: how long until a meeting, in the words of the page; copying and printing a text.
"use strict";
(() => {
  const { now: serverNow, replay } = document.body.dataset;
  const MINUTE_MS = 60000;
  const skew = Number(serverNow) - Date.now();
  /** `28 min`, `2 h 05`, `3 j`: the same words as the server's. */
  function briefly(minutes) {
    if (minutes < 60) return `${minutes} min`;
    const hours = Math.floor(minutes / 60);
    return hours >= 48 ? `${Math.floor(hours / 24)} j` : `${hours} h ${String(minutes % 60).padStart(2, "0")}`;
  }
  function tick() {
    const minute = Math.floor((Date.now() + skew) / MINUTE_MS);
    for (const place of document.querySelectorAll("[data-in]")) {
      const left = Math.floor(Number(place.dataset.in) / MINUTE_MS) - minute;
      const words = left < 0 ? `en retard de ${briefly(-left)}` : left === 0 ? "maintenant" : `dans ${briefly(left)}`;
      if (place.textContent.replaceAll("\u00a0", " ") === words) continue;
      place.textContent = words;
      place.classList.toggle("down", left < 0);
    }
  }
  if (serverNow && replay === undefined) { setInterval(tick, 5000); document.addEventListener("visibilitychange", tick); }

  for (const button of document.querySelectorAll("[data-print]")) { button.hidden = false; button.onclick = () => print(); }
  for (const button of document.querySelectorAll("[data-copy]")) {
    const field = document.getElementById(button.dataset.copy);
    if (!field) continue;
    button.hidden = false;
    button.onclick = async () => {
      field.select();
      try { await navigator.clipboard.writeText(field.value); } catch { document.execCommand("copy"); }
      button.textContent = "Copié";
    };
  }
})();
