// « Et si ? »: a name chosen in the list is taken at once; the picture opens on what is lost.
(() => {
  const form = document.querySelector("form[data-whatif]");
  if (!form) return;
  const field = form.elements.ajouter;
  const names = new Set([...form.querySelectorAll("datalist option")].map((option) => option.value));
  field.addEventListener("input", (event) => {
    // Typing is not choosing: only a choice in the list replaces the whole text.
    const chosen = event.inputType === undefined || event.inputType === "insertReplacementText";
    if (chosen && names.has(field.value)) form.requestSubmit();
  });
  // By its tag: hidden fields bear the same name when whole sets are already lost.
  form.querySelector("select[name=tout]")?.addEventListener("change", () => form.requestSubmit());
  const picture = document.querySelector(".whatif-picture .plan");
  const lost = picture?.querySelector(".lost");
  if (!lost) return;
  const [frame, node] = [picture.getBoundingClientRect(), lost.getBoundingClientRect()];
  picture.scrollLeft += node.left + node.width / 2 - (frame.left + frame.width / 2);
})();
