// The situation board: a row opens the quick form in place; a status is then one press, and the log keeps its focus and its text.
"use strict";
(() => {
  const model = document.getElementById("declarer-vite");
  if (!model) return; // nobody who writes, or another page
  const opened = () => document.querySelector("form[data-using]");
  function close(focus) {
    const form = opened();
    if (!form) return;
    const link = form.closest("li").querySelector("[data-declare]");
    form.remove();
    link.setAttribute("aria-expanded", "false");
    if (focus) link.focus({ preventScroll: true });
  }
  function open(link) {
    const row = link.closest("li");
    const again = row.contains(opened());
    close(again);
    if (again) return;
    const form = model.content.firstElementChild.cloneNode(true);
    form.action = link.href;
    form.elements.supersedes.value = row.dataset.seen;
    form.setAttribute("aria-label", `Déclarer l’état : ${row.dataset.about}`);
    form.querySelector("[data-page]").href = link.href;
    row.append(form);
    link.setAttribute("aria-expanded", "true");
    form.querySelector("button").focus({ preventScroll: true });
    form.scrollIntoView({ block: "nearest" });
  }
  document.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    const link = event.target.closest("[data-declare]");
    if (link) { event.preventDefault(); open(link); } else if (event.target.closest("form[data-using] [data-close]")) close(true);
  });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && event.target.closest("form[data-using]")) close(true); });
  document.addEventListener("pb:done", (event) => { if (event.target.matches("form[data-using]")) close(true); });
})();
