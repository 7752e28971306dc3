// Makes pages live. Every page works without this script: it follows the state, keeps unsent text, and knows the keys.
"use strict";
(() => {
  const { actor, journal, now: serverNow, replay, base = "" } = document.body.dataset;
  if (!actor || replay !== undefined) return; // nobody is signed in, or the past: nothing moves, nothing is sent

  const ATTACHMENT_BYTES_MAX = 25 * 1024 * 1024;
  const RETRY_FIRST_MS = 2000, RETRY_MAX_MS = 15000, MINUTE_MS = 60000;
  const room = document.querySelector("[data-live]");
  const form = document.querySelector("form[data-outbox]");
  const box = form && form.elements.text;
  const notice = document.getElementById("avis");
  const scroller = document.getElementById("defile");
  const pendingList = document.getElementById("attente");
  const skew = Number(serverNow) - Date.now();
  const now = () => Date.now() + skew;
  const one = (selector, within = document) => within.querySelector(selector);

  // ---- what is kept in the browser: by author, journal and crisis, so that nothing crosses
  const LABELS = { fact: "fait", decision: "décision", action: "action", question: "question", call: "appel", message: "message" };
  const OUTBOX = `pb.attente.${actor}.${journal}.`;
  const DRAFT = room && `pb.brouillon.${actor}.${journal}.${room.dataset.crisis}`;
  const NAMES = ["text", "entry_type", "speaker", "occurred_at", "owner", "due_at", "review_at", "carries_out", "activity", "to_confirm"];
  const KEPT = NAMES.filter((name) => form && form.elements[name]);
  const keep = (key, value) => {
    try { localStorage.setItem(key, JSON.stringify(value)); return true; } catch { return false; }
  };
  const kept = (key) => {
    try { return JSON.parse(localStorage.getItem(key)); } catch { return null; }
  };
  const forget = (key) => { try { localStorage.removeItem(key); } catch { /* nothing was kept */ } };
  const outbox = () => {
    try {
      const keys = Object.keys(localStorage).filter((key) => key.startsWith(OUTBOX));
      return keys.map((key) => ({ key, ...kept(key) })).filter((item) => item.fields).sort((a, b) => a.at - b.at);
    } catch { return []; }
  };
  const newRequest = () => [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, "0")).join("");

  // ---- words to the person
  let reachable = true, signedOut = false, refusal = "";
  function tellState() {
    const waiting = outbox().length;
    const count = waiting ? ` ${waiting > 1 ? `${waiting} saisies sont` : "1 saisie est"} en attente d’envoi.` : "";
    notice.textContent = signedOut ? `Votre session est fermée : ce que vous avez tapé est gardé ici.${count} `
      : !reachable ? `Serveur injoignable\u00a0: ce que vous tapez est gardé ici et partira au retour.${count}`
      : refusal || count.trim();
    notice.hidden = !notice.textContent;
    if (signedOut) {
      const link = document.createElement("a");
      link.href = base + "/connexion?vers=" + encodeURIComponent(location.pathname.slice(base.length) + location.search);
      link.textContent = "Se connecter";
      notice.append(link);
    }
  }
  let doubt = 0;
  function reach(is) {
    clearTimeout(doubt); // what lasts a second is not worth a word
    if (is === reachable) return;
    if (is) { reachable = true; tellState(); } else doubt = setTimeout(() => { reachable = false; tellState(); }, 1500);
  }
  function signed(isOut) { if (isOut !== signedOut) { signedOut = isOut; tellState(); } }

  /** Sends a form and returns `{ ok }`, `{ fault }` when refused, `{ later }` when it must be tried again. */
  async function post(action, data) {
    let response;
    try {
      response = await fetch(action, { method: "POST", body: data, headers: { Accept: "application/json" } });
    } catch { reach(false); return { later: true }; }
    reach(true);
    if (response.status !== 401) signed(false);
    if (response.ok) return { ok: true };
    const { error } = await response.json().catch(() => ({}));
    if (response.status === 401) { signed(true); return { later: true }; }
    const fault = error || { code: "unknown", sentence: "Le serveur a répondu de façon inattendue." };
    return response.status >= 500 || response.status === 408 || response.status === 429 ? { later: true, fault } : { fault };
  }

  // ---- outbox: sent once, in order, never dropped
  let flushing = false, retryMs = RETRY_FIRST_MS, retry = 0;
  async function flush() {
    clearTimeout(retry);
    if (flushing) return;
    flushing = true;
    let blocked = false;
    for (const item of outbox().filter((i) => !i.refused)) {
      const data = new FormData();
      for (const [name, value] of Object.entries(item.fields)) data.append(name, value);
      const outcome = await post(item.action, data);
      if (outcome.ok) { forget(item.key); refusal = ""; continue; }
      if (outcome.later) { blocked = true; refusal = outcome.fault ? outcome.fault.sentence : refusal; break; }
      refuse(item, outcome.fault);
    }
    flushing = false;
    if (blocked && !signedOut) {
      retry = setTimeout(flush, retryMs);
      retryMs = Math.min(retryMs * 1.5, RETRY_MAX_MS);
    } else retryMs = RETRY_FIRST_MS;
    showPending();
    if (!blocked && room) refresh();
  }
  /** The rules say no: the text goes back to the box, or waits beside the log when the box is in use. */
  function refuse(item, fault) {
    const mine = box && item.crisis === room.dataset.crisis;
    if (mine && !box.value.trim()) takeBack(item, fault);
    else { const { key, ...rest } = item; keep(key, { ...rest, refused: fault }); }
  }
  function takeBack(item, fault) {
    fill(item.fields);
    form.elements.request.value = newRequest();
    saveDraft();
    forget(item.key);
    complain(fault.sentence, fault.field);
    showPending();
  }
  function showPending() {
    tellState();
    if (!pendingList) return;
    const mine = outbox().filter((item) => item.crisis === room.dataset.crisis);
    pendingList.hidden = !mine.length;
    pendingList.replaceChildren(...mine.map((item) => {
      const line = document.createElement("li");
      line.className = "e pending";
      line.append(cell("span", "t", "–"), cell("span", "k", LABELS[item.fields.entry_type] || ""));
      const words = cell("div", "w", "");
      words.append(cell("span", "x", item.fields.text + " "));
      if (item.refused) {
        const again = cell("button", "link small", "Reprendre");
        again.type = "button";
        again.onclick = () => { if (!box.value.trim()) takeBack(item, item.refused); else complain("Envoyez d’abord le texte qui est dans le champ."); };
        words.append(cell("span", "by down", item.refused.sentence + " "), again);
      } else words.append(cell("span", "by", "en attente d’envoi"));
      line.append(words);
      return line;
    }));
  }
  function cell(tag, className, text) {
    const made = document.createElement(tag);
    made.className = className;
    made.textContent = text;
    return made;
  }

  // ---- the box
  function complain(sentence, field = "text") {
    for (const name of KEPT) if (name !== "entry_type") form.elements[name].removeAttribute("aria-invalid");
    let place = document.getElementById("refus");
    if (!place) {
      place = cell("p", "error", "");
      place.id = "refus";
      place.setAttribute("role", "alert");
      form.prepend(place);
    }
    place.textContent = sentence;
    place.hidden = !sentence;
    if (!sentence) return;
    const wrong = KEPT.includes(field) && field !== "entry_type" ? form.elements[field] : box;
    wrong.setAttribute("aria-invalid", "true");
    if (wrong !== box) one("details", form).open = true;
    wrong.focus();
  }
  const isBox = (name) => form.elements[name].type === "checkbox";
  const valueOf = (name) => isBox(name) ? (form.elements[name].checked ? "1" : "") : form.elements[name].value;
  const put = (name, value) => { if (isBox(name)) form.elements[name].checked = value === "1"; else form.elements[name].value = value; };
  const values = () => Object.fromEntries(KEPT.map((name) => [name, valueOf(name)]));
  function saveDraft() {
    const fields = values();
    if (KEPT.every((name) => name === "entry_type" || !fields[name])) forget(DRAFT);
    else if (!keep(DRAFT, fields)) complain("Ce texte est trop long pour que le navigateur le garde : enregistrez-le ou raccourcissez-le.");
  }
  function fill(fields) {
    for (const name of KEPT) if (fields[name] !== undefined) put(name, fields[name]);
    one("details", form).open ||= KEPT.slice(2).some((name) => fields[name]);
    showType();
    grow();
  }
  function grow() {
    if (CSS.supports("field-sizing", "content")) return;
    box.style.height = "auto";
    box.style.height = `${box.scrollHeight + 3}px`;
  }
  const SAY = { fact: "un fait", decision: "une décision", action: "une action", question: "une question", call: "un appel", message: "un message" };
  const LETTERS = { f: "fact", d: "decision", a: "action", q: "question", p: "call", m: "message" };
  function showType() {
    const words = `Noter ${SAY[form.elements.entry_type.value]}`;
    one(".say", form).textContent = words;
    box.setAttribute("aria-label", words);
  }
  function choose(type) { form.elements.entry_type.value = type; showType(); saveDraft(); box.focus(); }

  async function submit(event) {
    const files = [...form.elements.files.files];
    if (!box.value.trim() && !files.length) { event.preventDefault(); box.focus(); return; }
    const big = files.find((file) => file.size > ATTACHMENT_BYTES_MAX);
    if (big) { event.preventDefault(); complain(`La pièce « ${big.name} » dépasse 25 Mio : réduisez-la ou coupez-la.`); return; }
    form.elements.typed_at.value = Math.round(now());
    form.elements.deferred.value = reachable ? "" : "1";
    complain("");
    if (files.length) { event.preventDefault(); return submitWithFiles(); }
    const fields = Object.fromEntries([...new FormData(form)].filter(([, value]) => typeof value === "string"));
    const item = { crisis: room.dataset.crisis, action: form.action, fields, at: Date.now() };
    if (!keep(OUTBOX + fields.request, item)) return; // the browser keeps nothing: the form goes the plain way
    event.preventDefault();
    clearBox();
    showPending();
    if (scroller) scroller.scrollTop = 0;
    flush();
  }
  async function submitWithFiles() {
    const button = one("button.btn", form);
    button.disabled = true;
    const outcome = await post(form.action, new FormData(form));
    button.disabled = false;
    if (outcome.ok) { clearBox(); refresh(); return; }
    const why = outcome.fault ? outcome.fault.sentence : "Serveur injoignable.";
    complain(`${why} Le texte est gardé ; si vous rechargez la page, choisissez de nouveau les pièces.`);
  }
  function clearBox() {
    const type = "fact";
    form.reset();
    for (const name of KEPT) if (name !== "entry_type") put(name, "");
    form.elements.entry_type.value = type;
    form.elements.request.value = newRequest();
    one("details", form).open = false;
    forget(DRAFT);
    showType();
    grow();
    box.focus();
  }
  if (box) {
    const draft = kept(DRAFT);
    if (box.value) saveDraft(); else if (draft) fill(draft);
    showType();
    form.addEventListener("submit", submit);
    form.addEventListener("change", (event) => {
      if (event.target.type === "file" && event.target.files.length) one("details", form).open = true;
      showType();
      saveDraft();
    });
    form.addEventListener("input", () => {
      const command = /^\s*\/([fdaqpm])\s/i.exec(box.value);
      if (command) { form.elements.entry_type.value = LETTERS[command[1].toLowerCase()]; showType(); }
      saveDraft();
      grow();
    });
    box.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); form.requestSubmit(); }
      else if (event.key === "Escape") box.blur();
    });
  }

  // ---- keys
  const keys = document.getElementById("touches");
  for (const button of document.querySelectorAll("[data-keys]")) { button.hidden = false; button.onclick = () => keys.showModal(); }
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey) return;
    const typing = event.target.closest("input:not([type=radio]):not([type=checkbox]), textarea, select");
    if (event.altKey) {
      const type = box && LETTERS[event.key.toLowerCase()];
      if (type) { event.preventDefault(); choose(type); }
    } else if (!typing && event.key === "n" && box) { event.preventDefault(); box.focus(); }
    else if (!typing && event.key === "?" && keys) { event.preventDefault(); keys.showModal(); }
  });

  // ---- regions that follow the state; what a person is using is left alone
  const isDirty = (element) => [...element.querySelectorAll("input, textarea")].some((i) => i.type !== "hidden" && (i.value !== i.defaultValue || i.checked !== i.defaultChecked));
  const isSelected = (element) => { const s = getSelection(); return s && !s.isCollapsed && s.containsNode(element, true); };
  const isKeyed = (element) => element.childElementCount > 0 && [...element.children].every((child) => child.id);
  function merge(old, fresh) {
    if (old.isEqualNode(fresh)) return;
    if (isKeyed(fresh) && [...old.children].every((child) => child.id)) return reconcile(old, fresh);
    if (isDirty(old) || isSelected(old) || one("[data-using]", old)) return;
    const focused = old.contains(document.activeElement) && document.activeElement.id;
    if (old.matches("details")) fresh.open = old.open;
    for (const opened of old.querySelectorAll("details[id]")) {
      const same = fresh.querySelector(`#${CSS.escape(opened.id)}`);
      if (same) same.open = opened.open;
    }
    old.replaceWith(fresh);
    if (focused !== false) (document.getElementById(focused) || one("a, button", fresh))?.focus({ preventScroll: true });
  }
  function reconcile(old, fresh) {
    const wanted = [...fresh.children], ids = new Set(wanted.map((child) => child.id));
    for (const child of [...old.children]) {
      if (ids.has(child.id)) continue;
      const next = child.nextElementSibling || child.previousElementSibling;
      if (child.contains(document.activeElement) && next) one("button, a", next)?.focus({ preventScroll: true });
      child.remove();
    }
    let at = old.firstElementChild;
    for (const child of wanted) {
      const known = [...old.children].find((c) => c.id === child.id);
      if (!known) { old.insertBefore(child, at); freshen(child); continue; }
      if (known === at) at = at.nextElementSibling; else old.insertBefore(known, at);
      merge(known, child);
    }
  }
  function freshen(line) {
    if (!line.matches(".e")) return;
    line.classList.add("new");
    setTimeout(() => line.classList.remove("new"), 3000);
  }
  let asking = false, again = false;
  async function refresh() {
    if (asking) { again = true; return; }
    asking = true;
    try {
      const { live, liveParts } = room ? room.dataset : {};
      const address = room ? `${live}${live.includes("?") ? "&" : "?"}fragment=${liveParts}` : location.href;
      const response = await fetch(address, { headers: { Accept: room ? "text/html" : "application/json" } });
      reach(true);
      signed(response.status === 401);
      if (response.ok && room) show(await response.text());
    } catch { reach(false); }
    asking = false;
    if (again) { again = false; refresh(); }
  }
  function show(html) {
    const made = document.createElement("template");
    made.innerHTML = html;
    const atBottom = !scroller || Math.abs(scroller.scrollTop) < 8;
    const top = scroller && scroller.getBoundingClientRect().top;
    const anchor = !atBottom && [...scroller.querySelectorAll(".e")].find((line) => line.getBoundingClientRect().bottom > top);
    const before = anchor && anchor.getBoundingClientRect().top;
    for (const fresh of [...made.content.querySelectorAll("[data-live-key]")]) {
      for (const old of document.querySelectorAll(`[data-live-key="${fresh.dataset.liveKey}"]`)) merge(old, fresh);
    }
    if (atBottom && scroller) scroller.scrollTop = 0;
    else if (anchor && anchor.isConnected) scroller.scrollTop += anchor.getBoundingClientRect().top - before;
  }
  document.addEventListener("submit", async (event) => {
    const quick = event.target;
    if (!quick.matches("form[data-quick]")) return;
    event.preventDefault();
    const data = new FormData(quick);
    if (event.submitter && event.submitter.name) data.append(event.submitter.name, event.submitter.value);
    const outcome = await post(quick.action, data);
    refusal = outcome.ok ? "" : outcome.fault ? outcome.fault.sentence : "Serveur injoignable : rien n’a été enregistré, recommencez.";
    if (outcome.ok) { quick.reset(); quick.dispatchEvent(new CustomEvent("pb:done", { bubbles: true })); refresh(); }
    tellState();
  });

  // ---- one stream per browser: the tab that holds the lock listens and tells the others
  const channel = "BroadcastChannel" in window ? new BroadcastChannel(`pb.direct.${actor}.${journal}`) : null;
  function hear(message) {
    if ("up" in message) { reach(message.up); if (message.up) { retryMs = RETRY_FIRST_MS; flush(); } else refresh(); }
    if (message.change && room) refresh();
    if (message.change) document.dispatchEvent(new CustomEvent("pb:change"));
    if (message.presence) {
      const { people, names } = message.presence;
      for (const place of document.querySelectorAll("[data-present]")) place.textContent = `${people} ${people > 1 ? "connectés" : "connecté"}`;
      for (const place of document.querySelectorAll("[data-present-names]")) place.textContent = names;
    }
  }
  const tell = (message) => { if (channel) channel.postMessage(message); hear(message); };
  if (channel) channel.onmessage = (event) => hear(event.data);
  let streamRetryMs = RETRY_FIRST_MS;
  function listen() {
    const stream = new EventSource(base + "/direct");
    stream.onopen = () => { streamRetryMs = RETRY_FIRST_MS; tell({ up: true }); };
    stream.addEventListener("change", (event) => tell({ change: event.data }));
    stream.addEventListener("presence", (event) => tell({ presence: JSON.parse(event.data) }));
    stream.onerror = () => {
      stream.close();
      tell({ up: false });
      setTimeout(listen, streamRetryMs);
      streamRetryMs = Math.min(streamRetryMs * 1.5, RETRY_MAX_MS);
    };
  }
  if (navigator.locks) navigator.locks.request(`pb.direct.${actor}.${journal}`, () => { listen(); return new Promise(() => {}); });
  else listen();

  // ---- clocks
  const started = one("[data-clock]")?.textContent.split(":").reduce((h, m) => h * 60 + Number(m), 0);
  function tick() {
    for (const place of document.querySelectorAll("[data-since]")) {
      const minutes = Math.max(0, Math.floor((now() - Number(place.dataset.since)) / MINUTE_MS));
      const hours = Math.floor(minutes / 60), two = (n) => String(n).padStart(2, "0");
      place.textContent = hours >= 48 ? `J+${Math.floor(hours / 24)}` : `T+${two(hours)}:${two(minutes % 60)}`;
    }
    const clock = one("[data-clock]");
    if (clock) {
      const passed = Math.floor(now() / MINUTE_MS) - Math.floor(Number(serverNow) / MINUTE_MS);
      const minutes = (((started + passed) % 1440) + 1440) % 1440;
      clock.textContent = `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;
    }
  }
  setInterval(tick, 5000);
  if (room) setInterval(refresh, MINUTE_MS);
  addEventListener("online", () => { retryMs = RETRY_FIRST_MS; flush(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) { tick(); if (room) refresh(); } });
  showPending();
  if (outbox().length) flush();
})();
