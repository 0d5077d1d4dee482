// Keeps what is typed in a long form on this machine until it is saved, so that a closed laptop loses nothing.
// Without this script the form works all the same.
for (const form of document.querySelectorAll("form[data-keep]")) {
  const fields = [...form.elements].filter((field) => field.name && field.type !== "hidden" && field.type !== "submit");
  const key = `desk:${form.dataset.keep}`;
  const base = form.elements.base?.value ?? "";
  const read = () => Object.fromEntries(fields.map((field) => [field.name, field.value]));
  const shown = JSON.stringify(read());
  let kept = null;
  try {
    kept = JSON.parse(localStorage.getItem(key));
  } catch {
    localStorage.removeItem(key);
  }
  // After a save the page shows what was kept: nothing is left to bring back.
  if (kept && JSON.stringify(kept.fields) === shown) {
    localStorage.removeItem(key);
    kept = null;
  }
  if (kept) {
    const note = document.createElement("p");
    note.className = "told";
    note.setAttribute("role", "status");
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = form.dataset.restore;
    button.addEventListener("click", () => {
      for (const field of fields) {
        if (field.name in kept.fields) field.value = kept.fields[field.name];
      }
      // Based on what it was typed over: if that has changed meanwhile, saving shows both.
      if (form.elements.base) form.elements.base.value = kept.base;
      note.remove();
      fields[0].focus();
    });
    note.append(`${form.dataset.kept} `, button);
    form.prepend(note);
  }
  let waiting = 0;
  const keep = () => {
    waiting = 0;
    const now = read();
    if (JSON.stringify(now) === shown) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify({ base: form.elements.base?.value ?? base, fields: now }));
  };
  form.addEventListener("input", () => {
    waiting ||= setTimeout(keep, 400);
  });
  addEventListener("pagehide", () => {
    if (waiting) keep();
  });
}
