// Keys for whoever reviews: J and K to the next and the last sentence, E to its words, P to its sound, A to the approval.
"use strict";
const rows = [...document.querySelectorAll(".pair")];
const at = () => rows.findIndex((row) => row.contains(document.activeElement));
const go = (row) => row && (row.focus(), row.scrollIntoView({ block: "nearest" }));
const keys = {
  j: () => go(rows[Math.min(at() + 1, rows.length - 1)]),
  k: () => go(rows[Math.max(at() - 1, 0)]),
  e: () => {
    const details = rows[at()]?.querySelector("details");
    if (details) {
      details.open = true;
      details.querySelector("textarea").focus();
    }
  },
  p: () => rows[at()]?.querySelector("audio")?.play(),
  a: () => document.querySelector("#approve button")?.focus(),
};
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
  const key = keys[event.key.toLowerCase()];
  if (key) {
    event.preventDefault();
    key();
  }
});
