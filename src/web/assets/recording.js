// A line or passage is played from its begin to its end on the page's own player; while the house listens, the page says how
// far it is, and is loaded anew when there is more to see and nobody is at work in it; a file that is too large is told so
// before it is sent, and one on its way tells how much of it is there.
"use strict";
const sound = document.getElementById("sound");
let until = Infinity;
sound?.addEventListener("timeupdate", () => {
  if (sound.currentTime >= until) {
    sound.pause();
    until = Infinity;
  }
});
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-from]");
  if (!link || !sound) return;
  event.preventDefault();
  const row = link.closest(".spoken");
  // What stands in the fields counts: that is what is about to be kept.
  const typed = (name) => {
    const text = row?.querySelector(`input[name^="${name}-"]`)?.value ?? "";
    const parts = /^(\d+):(\d\d):(\d\d\.\d{3})$/.exec(text.trim());
    return parts && Number(parts[1]) * 3600 + Number(parts[2]) * 60 + Number(parts[3]);
  };
  const from = typed("start") ?? Number(link.dataset.from);
  until = typed("end") ?? Number(link.dataset.to);
  sound.currentTime = from;
  sound.play();
});
const busy = () =>
  (sound && !sound.paused) ||
  document.activeElement?.matches("input, textarea, select") ||
  [...document.querySelectorAll("main :is(input:not([type=hidden]), textarea)")].some((field) => field.value !== field.defaultValue);
const work = document.querySelector("[data-in-work]");
const watch = async () => {
  let page = null;
  try {
    const answer = await fetch(location.href, { headers: { accept: "text/html" } });
    if (answer.ok) page = new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    // The network is away: it is asked again.
  }
  const there = page?.querySelector("[data-in-work]");
  const lines = (of) => of.querySelectorAll(".spoken").length;
  if (there) work.textContent = there.textContent;
  if (page && (!there || lines(page) !== lines(document)) && !busy()) return location.reload();
  setTimeout(watch, 4000);
};
if (work) setTimeout(watch, 2000);
for (const form of document.querySelectorAll("form[data-upload]")) {
  const told = (text) => {
    form.querySelector("[data-told]").textContent = text;
  };
  const file = form.querySelector('input[type="file"]');
  const fits = () => {
    const large = (file.files[0]?.size ?? 0) > Number(form.dataset.largest);
    file.setCustomValidity(large ? form.dataset.large : "");
    told(large ? form.dataset.large : "");
    return !large;
  };
  file.addEventListener("change", fits);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!fits()) return;
    const button = form.querySelector("button");
    button.disabled = true;
    const request = new XMLHttpRequest();
    request.upload.addEventListener("progress", (at) => {
      if (at.lengthComputable) told(`${form.dataset.sending} ${Math.floor((at.loaded / at.total) * 100)} %`);
    });
    request.addEventListener("loadend", () => {
      button.disabled = false;
      if (request.status === 0) return told(form.dataset.large);
      // Where it was taken in the answer is the recording's page; else this one, with the reason.
      if (request.responseURL && request.status < 400) return location.assign(request.responseURL);
      const page = new DOMParser().parseFromString(request.responseText, "text/html");
      told(page.querySelector(".told.bad")?.textContent ?? page.querySelector("main p")?.textContent ?? String(request.status));
    });
    request.open("POST", form.action);
    request.setRequestHeader("accept", "text/html");
    request.send(new FormData(form));
  });
}
