// The keys of the search, and menus that close as people expect. Every page works without it.
(() => {
  "use strict";
  const field = () => [...document.querySelectorAll("[data-search]")].find((input) => input.offsetParent);

  const seek = (event) => {
    const found = field();
    if (!found) { event.preventDefault(); location.assign((document.body.dataset.base || "") + "/recherche"); return; }
    event.preventDefault();
    found.focus();
    found.select();
  };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    const typing = event.target.closest?.("input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]");
    if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey) seek(event);
    else if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !document.querySelector("dialog[open]")) seek(event);
    else if (event.key === "Escape") close(event.target.closest?.("header.top details[open]"), true);
  });

  // A menu of the top bar closes when one goes elsewhere.
  const close = (menu, back) => {
    if (!menu) return;
    menu.open = false;
    if (back) menu.querySelector("summary").focus();
  };
  for (const kind of ["click", "focusin"]) {
    document.addEventListener(kind, (event) => {
      for (const menu of document.querySelectorAll("header.top details[open]")) if (!menu.contains(event.target)) close(menu);
    });
  }
})();
