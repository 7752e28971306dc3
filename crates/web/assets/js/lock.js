// Locks the page with its session: what is typed stays behind the lock, and is there when the same person is back.
"use strict";
(() => {
  const { actor, lockMs, base = "" } = document.body.dataset;
  if (!actor || !lockMs) return; // nobody is signed in
  const LIMIT_MS = Number(lockMs), TELL_EVERY_MS = 120000, LOOK_EVERY_MS = 20000;
  const channel = "BroadcastChannel" in window ? new BroadcastChannel(`pb.verrou.${actor}`) : null;
  const tell = (message) => { if (channel) channel.postMessage(message); };
  let acted = Date.now(), told = Date.now(), dialog = null;

  /** Asks, or says that a person is here; true when the session is open. */
  async function presence(method) {
    let response;
    try { response = await fetch(base + "/presence", { method, headers: { Accept: "application/json" } }); } catch { return true; }
    const answer = await response.json().catch(() => ({}));
    if (response.ok) { acted = Math.max(acted, Date.now() - LIMIT_MS + answer.left_ms); return true; }
    if (answer.error && answer.error.code === "locked") show();
    return false;
  }
  function act() {
    if (dialog) return;
    acted = Date.now();
    if (acted - told < TELL_EVERY_MS) return;
    told = acted;
    tell({ acted });
    presence("POST");
  }
  for (const kind of ["keydown", "pointerdown", "wheel"]) addEventListener(kind, act, { passive: true, capture: true });

  async function show() {
    if (dialog) return;
    dialog = document.createElement("dialog");
    dialog.className = "lock";
    dialog.setAttribute("aria-label", "Session verrouillée");
    document.body.append(dialog);
    document.body.classList.add("locked");
    const title = document.createElement("h2");
    title.textContent = "Session verrouillée";
    dialog.append(title);
    dialog.addEventListener("cancel", (event) => event.preventDefault());
    dialog.addEventListener("close", () => { if (dialog) dialog.showModal(); });
    dialog.showModal();
    try {
      const response = await fetch(base + "/verrou?fragment=1");
      if (!response.ok || response.redirected) throw new Error();
      const made = document.createElement("template");
      made.innerHTML = await response.text();
      dialog.append(made.content);
    } catch { location.href = base + "/verrou?vers=" + encodeURIComponent(location.pathname.slice(base.length) + location.search); return; }
    const form = dialog.querySelector("form");
    form.addEventListener("submit", (event) => { event.preventDefault(); unlock(form); });
    (form.querySelector("input[type=password]") || form.querySelector("button")).focus();
  }
  async function unlock(form) {
    let sentence = "Serveur injoignable\u00a0: réessayez dans un instant.";
    try {
      const response = await fetch(base + "/verrou", { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } });
      if (response.ok) { tell({ open: true }); hide(); return; }
      const { error } = await response.json();
      if (error.code === "signed_out") { location.reload(); return; }
      sentence = error.sentence;
    } catch { /* said below */ }
    const place = form.querySelector(".error") || form.insertBefore(document.createElement("p"), form.firstChild);
    place.className = "error";
    place.setAttribute("role", "alert");
    place.textContent = sentence;
  }
  function hide() {
    const shown = dialog;
    dialog = null;
    acted = told = Date.now();
    document.body.classList.remove("locked");
    if (shown) shown.remove();
    document.dispatchEvent(new Event("visibilitychange")); // what is live asks again
  }
  if (channel) channel.onmessage = ({ data }) => {
    if (data.acted) acted = Math.max(acted, data.acted);
    if (data.locked) show();
    if (data.open && dialog) presence("GET").then((open) => { if (open) hide(); });
  };
  const look = () => { if (!dialog && Date.now() - acted >= LIMIT_MS) presence("GET"); };
  setInterval(look, LOOK_EVERY_MS);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
  document.addEventListener("submit", async (event) => {
    if (event.target.getAttribute("action") !== base + "/verrouiller") return;
    event.preventDefault();
    try { await fetch(base + "/verrouiller", { method: "POST", headers: { Accept: "application/json" } }); } catch { return; }
    tell({ locked: true });
    show();
  });
})();
