// The editor of needs without leaving the page, and names of a large map as they are typed. The forms work without it.
(() => {
  "use strict";
  // A button of the editor sends the form as it would; only the rows of the answer are taken.
  const reshape = async (button) => {
    const form = button.form;
    const data = new FormData(form);
    data.append(button.name, button.value);
    const answer = await fetch(button.formAction, { method: "POST", body: data });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const [fresh, old] = [page.querySelector("[data-needs]"), form.querySelector("[data-needs]")];
    if (!answer.ok || !fresh) { form.requestSubmit(button); return; }
    old.replaceWith(fresh);
    const row = Number(button.value.split("-")[1]);
    const rows = fresh.querySelectorAll(".need");
    const near = rows[Number.isNaN(row) ? rows.length - 1 : Math.min(row, rows.length - 1)];
    const inputs = near ? near.querySelectorAll(".targets input") : [];
    (inputs[inputs.length - 1] || fresh.querySelector("button"))?.focus();
  };

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-needs] button[name=geste]");
    if (!button || button.dataset.sent) return;
    event.preventDefault();
    reshape(button).catch(() => { button.dataset.sent = "1"; button.click(); });
  });

  let waiting = 0;
  document.addEventListener("input", (event) => {
    const list = document.querySelector("datalist#elements[data-partial]");
    const field = event.target.closest("input[list=elements]");
    if (!list || !field || field.value.length < 2) return;
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      const answer = await fetch(`${document.body.dataset.base || ""}/carte/noms?q=${encodeURIComponent(field.value)}`).catch(() => null);
      if (!answer?.ok) return;
      list.replaceChildren(...(await answer.json()).map((name) => {
        const option = document.createElement("option");
        option.value = name;
        return option;
      }));
    }, 150);
  });
})();
