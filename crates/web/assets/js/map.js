// The map: zoom, pan, search, and what is linked to what one points at. Without this the picture scrolls and links work.
"use strict";
(() => {
  const plan = document.querySelector("[data-plan]");
  const svg = plan && plan.querySelector("svg");
  if (!svg) return;
  const [, , wide, high] = svg.getAttribute("viewBox").split(/\s+/).map(Number);
  const SCALES = [0.25, 0.35, 0.5, 0.7, 0.85, 1, 1.25, 1.5, 2, 3];
  let scale = 1;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;

  // Zoom: the point under the pointer, or the middle, stays where it is.
  const said = document.createElement("output");
  function zoom(to, at) {
    const box = plan.getBoundingClientRect();
    const x = at ? at.clientX - box.left : plan.clientWidth / 2, y = at ? at.clientY - box.top : plan.clientHeight / 2;
    const [left, top, ratio] = [plan.scrollLeft + x, plan.scrollTop + y, to / scale];
    scale = to;
    svg.setAttribute("width", Math.round(wide * scale));
    svg.setAttribute("height", Math.round(high * scale));
    plan.scrollTo(left * ratio - x, top * ratio - y);
    said.textContent = `${Math.round(scale * 100)} %`;
    heads();
  }
  const step = (by) => {
    const next = by > 0 ? SCALES.find((s) => s > scale + 0.01) : SCALES.findLast((s) => s < scale - 0.01);
    return next || scale;
  };
  const fit = () => Math.max(0.2, Math.min(1, plan.clientWidth / wide));
  const tools = document.createElement("div");
  tools.className = "plantools";
  said.setAttribute("aria-label", "Échelle du plan");
  tools.append(said);
  for (const [words, name, act] of [["−", "Réduire le plan", () => zoom(step(-1))], ["+", "Agrandir le plan", () => zoom(step(1))],
    ["Taille réelle", "", () => zoom(1)], ["Ajuster", "Ajuster le plan à la largeur", () => zoom(fit())]]) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn ghost small";
    button.textContent = words;
    if (name) button.setAttribute("aria-label", name);
    button.addEventListener("click", act);
    tools.append(button);
  }
  plan.before(tools);
  plan.addEventListener("wheel", (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    zoom(step(-event.deltaY), event);
  }, { passive: false });
  plan.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = { "+": () => zoom(step(1)), "-": () => zoom(step(-1)), "0": () => zoom(1) }[event.key];
    if (act) { event.preventDefault(); act(); return; }
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (way) { event.preventDefault(); plan.scrollBy(way[0] * 120, way[1] * 90); }
  });

  // Heads of lanes stay in sight while one scrolls down.
  const lanes = svg.querySelector(".heads");
  if (lanes) svg.append(lanes);
  function heads() {
    if (lanes) lanes.setAttribute("transform", `translate(0 ${Math.round(plan.scrollTop / scale)})`);
  }
  plan.addEventListener("scroll", heads, { passive: true });

  // Drag to pan; a press that does not move is a click.
  plan.dataset.grab = "";
  let grabbed = null;
  plan.addEventListener("pointerdown", (event) => {
    if (event.button || event.pointerType === "touch") return;
    grabbed = { x: event.clientX, y: event.clientY, left: plan.scrollLeft, top: plan.scrollTop, moved: false };
  });
  addEventListener("pointermove", (event) => {
    if (!grabbed) return;
    const [x, y] = [event.clientX - grabbed.x, event.clientY - grabbed.y];
    if (!grabbed.moved && Math.hypot(x, y) < 5) return;
    grabbed.moved = true;
    plan.dataset.grabbed = "";
    plan.scrollTo(grabbed.left - x, grabbed.top - y);
  });
  addEventListener("pointerup", () => {
    if (!grabbed) return;
    grabbed = null;
    setTimeout(() => delete plan.dataset.grabbed);
  });
  plan.addEventListener("dragstart", (event) => event.preventDefault());
  plan.addEventListener("click", (event) => { if ("grabbed" in plan.dataset) event.preventDefault(); }, true);

  // Pointing at a node shows what it needs and what needs it.
  const nodes = new Map([...svg.querySelectorAll("[data-n]")].map((node) => [node.dataset.n, node]));
  const edges = [...svg.querySelectorAll("[data-t]")].map((path) => ({ path, from: path.dataset.f.split(" "), to: path.dataset.t }));
  let pointed = null;
  function point(node) {
    if (node === pointed) return;
    pointed = node;
    svg.querySelectorAll(".on").forEach((on) => on.classList.remove("on"));
    svg.classList.toggle("pointing", Boolean(node));
    if (!node) return;
    const number = node.dataset.n;
    node.classList.add("on");
    for (const { path, from, to } of edges) {
      const needed = to === number;
      if (!needed && !from.includes(number)) continue;
      path.classList.add("on");
      for (const other of needed ? from : [to]) if (nodes.has(other)) nodes.get(other).classList.add("on");
    }
  }
  svg.addEventListener("pointerover", (event) => { if (!grabbed) point(event.target.closest("[data-n]")); });
  svg.addEventListener("pointerleave", () => point(null));
  svg.addEventListener("focusin", (event) => point(event.target.closest("[data-n]")));
  svg.addEventListener("focusout", () => point(null));

  // Go to a node.
  function show(node, smooth) {
    const at = node.getBoundingClientRect(), box = plan.getBoundingClientRect();
    plan.scrollBy({
      left: at.left + at.width / 2 - box.left - plan.clientWidth / 2,
      top: at.top - box.top - plan.clientHeight / 2,
      behavior: smooth && !calm ? "smooth" : "auto",
    });
  }
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const names = [...nodes.values()].map((node) => [plain(node.querySelector("title")?.textContent || ""), node]);
  const field = document.querySelector("[data-seek]");
  let matches = [], at = 0;
  function seek() {
    const sought = plain(field.value.trim());
    svg.querySelectorAll(".sought").forEach((node) => node.classList.remove("sought"));
    matches = sought.length < 2 ? [] : names.filter(([name]) => name.includes(sought)).map(([, node]) => node);
    matches.forEach((node) => node.classList.add("sought"));
    at = 0;
    if (matches.length) show(matches[0], true);
  }
  if (field) {
    field.addEventListener("input", seek);
    field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !matches.length) return;
      event.preventDefault();
      at = (at + 1) % matches.length;
      show(matches[at], true);
    });
  }
  zoom(1);
  const first = svg.querySelector(".lost") || svg.querySelector(".chosen") || svg.querySelector(".hit");
  if (first) show(first, false);
})();
