// Keeps what is typed in a long form on this machine until it is saved, so that a closed laptop loses nothing; and lets
// rows that have a number be moved by a press. Without this script the forms work all the same.
const typed = (field) => field.name && !/^(hidden|submit|file)$/.test(field.type);
const read = (form) => {
  const held = {};
  for (const field of [...form.elements].filter(typed)) {
    const value = field.type === "checkbox" || field.type === "radio" ? field.checked : field.value;
    (held[field.name] ??= []).push(value);
  }
  return held;
};
const write = (form, held) => {
  const at = {};
  for (const field of [...form.elements].filter(typed)) {
    const n = (at[field.name] = (at[field.name] ?? -1) + 1);
    const value = held[field.name]?.[n];
    if (value === undefined) continue;
    if (typeof value === "boolean") field.checked = value;
    else field.value = value;
  }
};
// Where a save led on to another page, what it was typed from is kept there no more.
const sent = sessionStorage.getItem("desk:sent");
if (sent) {
  sessionStorage.removeItem("desk:sent");
  if (/[?&]done=/.test(location.search)) localStorage.removeItem(sent);
}
for (const form of document.querySelectorAll("form[data-keep]")) {
  const key = `desk:${form.dataset.keep}`;
  const based = form.querySelector("[data-base]") ?? form.elements.base;
  const shown = JSON.stringify(read(form));
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
      write(form, kept.fields);
      // Based on what it was typed over: if that has changed meanwhile, saving shows both.
      if (based) based.value = kept.base;
      note.remove();
      [...form.elements].find(typed)?.focus();
    });
    note.append(`${form.dataset.kept} `, button);
    form.prepend(note);
  }
  let waiting = 0;
  const keep = () => {
    waiting = 0;
    const now = read(form);
    if (JSON.stringify(now) === shown) localStorage.removeItem(key);
    else localStorage.setItem(key, JSON.stringify({ base: based?.value ?? "", fields: now }));
  };
  form.addEventListener("input", () => {
    waiting ||= setTimeout(keep, 400);
  });
  // A form that is sent leaves nothing to bring back; where it comes back with something to mend, it holds all of it.
  form.addEventListener("submit", () => {
    clearTimeout(waiting);
    waiting = 0;
    keep();
    sessionStorage.setItem("desk:sent", key);
  });
  addEventListener("pagehide", () => {
    if (waiting) keep();
  });
}
// Rows: their numbers say the order, so moving one is giving two of them each other's number.
for (const form of document.querySelectorAll("form[data-up]")) {
  const rows = () => [...form.querySelectorAll("[data-row]")];
  const number = (row) => row.querySelector("[data-order]");
  const shift = (row, by) => {
    const all = rows();
    const other = all[all.indexOf(row) + by];
    if (!other) return;
    [number(row).value, number(other).value] = [number(other).value, number(row).value];
    if (by < 0) other.before(row);
    else other.after(row);
    form.dispatchEvent(new Event("input"));
  };
  for (const row of rows()) {
    const keys = document.createElement("p");
    keys.className = "inline";
    for (const [word, by] of [[form.dataset.up, -1], [form.dataset.down, 1]]) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = word;
      button.addEventListener("click", () => {
        shift(row, by);
        button.focus();
      });
      keys.append(button);
    }
    row.append(keys);
  }
}
