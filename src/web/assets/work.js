// The page of work keeps itself up to date while somebody looks: the server sends the part that changed, whole.
"use strict";
const now = document.getElementById("now");
const live = document.getElementById("live");
let source = null;
const say = (word) => {
  live.hidden = false;
  live.textContent = live.dataset[word];
};
const open = () => {
  if (source) return;
  source = new EventSource(`/staff/work/events${location.search}`);
  source.addEventListener("now", (event) => {
    say("live");
    // Whoever stands on a button goes on standing on it.
    const at = document.activeElement?.id;
    now.innerHTML = event.data;
    if (at && now.contains(document.getElementById(at))) document.getElementById(at).focus();
  });
  source.addEventListener("end", () => {
    source.close();
    say("stale");
  });
  source.addEventListener("error", () => {
    if (source?.readyState === EventSource.CLOSED) say("stale");
  });
};
const close = () => {
  source?.close();
  source = null;
};
// A page in the background asks for nothing.
document.addEventListener("visibilitychange", () => (document.hidden ? close() : open()));
if (!document.hidden) open();
