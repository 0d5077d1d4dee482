// Keys for whoever hears a guide: space plays, J and K to the next and the last sentence, A lets its sound pass. A word
// plays from its own moment on; without this script it opens the sound there.
"use strict";
for (const hint of document.querySelectorAll("[data-scripted]")) hint.hidden = false;
const rows = [...document.querySelectorAll(".heard")];
const at = () => rows.findIndex((row) => row.contains(document.activeElement));
const sound = (row) => row?.querySelector("audio");
const go = (row) => row && (row.focus(), row.scrollIntoView({ block: "nearest" }));
const only = (audio) => {
  for (const other of document.querySelectorAll("audio")) if (other !== audio) other.pause();
};
document.addEventListener("play", (event) => only(event.target), true);
const keys = {
  " ": () => {
    const audio = sound(rows[Math.max(at(), 0)]);
    if (audio?.paused) audio.play();
    else audio?.pause();
  },
  j: () => go(rows[Math.min(at() + 1, rows.length - 1)]),
  k: () => go(rows[Math.max(at() - 1, 0)]),
  a: () => rows[at()]?.querySelector('button[value="accept"]')?.click(),
};
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (/^(INPUT|TEXTAREA|SELECT|AUDIO|BUTTON|SUMMARY|A)$/.test(event.target.tagName) && !/^[jka]$/i.test(event.key)) return;
  if (/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
  const key = keys[event.key.toLowerCase()];
  if (key) {
    event.preventDefault();
    key();
  }
});
document.addEventListener("click", (event) => {
  const word = event.target.closest("a[data-at]");
  const audio = word && sound(word.closest(".heard"));
  if (!audio) return;
  event.preventDefault();
  const from = () => {
    audio.currentTime = Number(word.dataset.at);
    audio.play();
  };
  if (audio.readyState > 0) return from();
  audio.addEventListener("loadedmetadata", from, { once: true });
  audio.load();
});
// The word that is being said is shown.
for (const row of rows) {
  const words = [...row.querySelectorAll(".words [data-at]")];
  sound(row)?.addEventListener("timeupdate", (event) => {
    const now = event.target.currentTime + 0.05;
    const said = words.filter((word) => Number(word.dataset.at) <= now).length - 1;
    words.forEach((word, place) => word.classList.toggle("now", place === said));
  });
}
