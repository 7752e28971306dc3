// The slider of a moment seen again: says the minute under the thumb, and goes there when it is let go.
"use strict";
(() => {
  const form = document.querySelector("form.slide[data-zone]");
  if (!form) return;
  const range = form.querySelector("input[type=range]"), said = form.querySelector("output"), KEPT = "pb.replay.focus";
  const SETTLED_MS = 500; // arrow keys come one after the other
  let waiting = 0;
  form.querySelector("button").hidden = true;
  const remember = (focused) => {
    try { if (focused) sessionStorage.setItem(KEPT, "1"); else sessionStorage.removeItem(KEPT); } catch { /* the thumb is found again by hand */ }
  };
  const words = (ms) => {
    const parts = { day: "2-digit", month: "2-digit", hour: "2-digit", minute: "2-digit", timeZone: form.dataset.zone };
    const by = Object.fromEntries(new Intl.DateTimeFormat("fr-FR", parts).formatToParts(new Date(ms)).map((p) => [p.type, p.value]));
    return `${by.day}/${by.month} à\u00a0${by.hour}:${by.minute}`;
  };
  range.addEventListener("input", () => {
    said.hidden = false;
    said.textContent = words(Number(range.value));
    range.setAttribute("aria-valuetext", said.textContent);
  });
  range.addEventListener("change", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => { remember(true); form.requestSubmit(); }, SETTLED_MS);
  });
  try { if (sessionStorage.getItem(KEPT)) range.focus({ preventScroll: true }); } catch { /* as above */ }
  remember(false);
})();
