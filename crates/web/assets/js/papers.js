// Buttons that only a script can make work: print, copy. Without it they stay hidden and the browser's own menu does.
"use strict";
(() => {
  for (const button of document.querySelectorAll("[data-print]")) { button.hidden = false; button.onclick = () => print(); }
  for (const place of document.querySelectorAll("[data-copy]")) {
    const letter = place.parentElement.querySelector("pre.letter"), button = place.querySelector("button");
    if (!letter || !navigator.clipboard) continue;
    place.hidden = false;
    button.onclick = async () => {
      try { await navigator.clipboard.writeText(letter.textContent); button.textContent = "Copié"; }
      catch { getSelection().selectAllChildren(letter); button.textContent = "Sélectionné : Ctrl + C"; }
    };
  }
})();
