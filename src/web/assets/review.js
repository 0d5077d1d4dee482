// A translation reviewed by keyboard: the keys stand in the legend that ? opens. Forms of a sentence are sent without
// leaving the page, and the sentence, the state of the text and what was said are put in their places; without this script
// they are ordinary forms.
"use strict";
const rows = () => [...document.querySelectorAll(".pair")];
const at = () => rows().findIndex((row) => row.contains(document.activeElement));
const here = () => rows()[at()];
const go = (row) => row && (row.focus(), row.scrollIntoView({ block: "nearest" }));
const open = (details, field) => {
  if (!details) return;
  details.open = true;
  details.querySelector(field)?.focus();
};
// The next sentence that is to be checked, after this one and then from the beginning.
const asked = (from) => {
  const all = rows();
  return [...all.slice(from + 1), ...all.slice(0, from + 1)].find((row) => row.classList.contains("asked"));
};
const keys = {
  j: () => go(rows()[Math.min(at() + 1, rows().length - 1)]),
  k: () => go(rows()[Math.max(at() - 1, 0)]),
  n: () => go(asked(at())),
  e: () => open(here()?.querySelector(".edit"), "textarea"),
  c: () => open(here()?.querySelector(".talk"), "textarea"),
  m: () => {
    const details = here()?.querySelector(".edit");
    if (details) details.open = true;
    details?.querySelector(".memory a")?.click();
  },
  p: () => here()?.querySelector("audio")?.play(),
  a: () => here()?.querySelector(".approve button")?.click(),
  A: () => document.querySelector("#approve button")?.focus(),
  "?": () => {
    const legend = document.getElementById("keys");
    legend.open = !legend.open;
    legend.querySelector("summary").focus();
  },
};
document.addEventListener("keydown", (event) => {
  const field = event.target.closest("textarea, input, select");
  if (field?.tagName === "TEXTAREA" && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    field.form.requestSubmit();
    return;
  }
  if (field && event.key === "Escape") {
    go(field.closest(".pair"));
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || field) return;
  const key = keys[event.key] ?? keys[event.key.toLowerCase()];
  if (key) {
    event.preventDefault();
    key();
  }
});
// One sentence anew from the answer; what somebody has open in the others stays as it is.
const put = (page, id) => {
  const [mine, theirs] = [document.getElementById(id), page.getElementById(id)];
  if (mine && theirs) mine.replaceWith(document.adoptNode(theirs));
};
const told = (page) => {
  for (const note of document.querySelectorAll("main > .told")) note.remove();
  for (const note of page.querySelectorAll("main > .told")) document.getElementById("state").before(document.adoptNode(note));
};
const send = async (form, row) => {
  const answer = await fetch(form.action, {
    method: "POST",
    headers: { accept: "text/html" },
    body: new URLSearchParams(new FormData(form)),
  });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  // Signed out, or the house failed: the browser shows it, with all that was typed.
  if (!page.getElementById("state")) return form.submit();
  put(page, row.id);
  put(page, "state");
  put(page, "approve");
  told(page);
  const next = form.classList.contains("approve") && answer.ok ? asked(rows().findIndex((one) => one.id === row.id)) : null;
  go(next ?? document.getElementById(row.id));
};
document.addEventListener("submit", (event) => {
  const row = event.target.closest(".pair");
  if (!row) return;
  event.preventDefault();
  send(event.target, row).catch(() => event.target.submit());
});
// The memory is asked sentence by sentence, when somebody wants it.
document.addEventListener("click", async (event) => {
  const link = event.target.closest(".memory a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const answer = await fetch(link.href, { headers: { accept: "text/html" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const offers = page.getElementById("offers");
  if (!answer.ok || !offers) {
    location.href = link.href;
    return;
  }
  const words = link.closest(".edit").querySelector("textarea");
  offers.removeAttribute("id");
  for (const offer of offers.querySelectorAll("li")) {
    const take = document.createElement("button");
    take.type = "button";
    take.textContent = link.dataset.take;
    take.addEventListener("click", () => {
      words.value = offer.querySelector(".target").textContent;
      words.focus();
    });
    offer.append(" ", take);
  }
  link.closest(".memory").replaceWith(offers);
  (offers.querySelector("button") ?? words).focus();
});
// The place the address names is where somebody goes on.
if (location.hash) go(document.querySelector(`.pair${location.hash}`));
