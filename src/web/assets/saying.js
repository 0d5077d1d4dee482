// A preview is played on the page in place of a new one, and a sentence that is made anew tells how far it has come.
// Whoever leaves or asks again gives up what they waited for.
"use strict";
const told = (form, text) => {
  form.querySelector("[data-told]").textContent = text;
};
const refusal = async (answer, form) => {
  try {
    return (await answer.json()).detail ?? form.dataset.failed;
  } catch {
    return form.dataset.failed;
  }
};
let waiting = new AbortController();
addEventListener("pagehide", () => waiting.abort());
const begin = () => {
  waiting.abort();
  waiting = new AbortController();
  return waiting.signal;
};
document.addEventListener("submit", async (event) => {
  const button = event.submitter;
  if (!button || !("preview" in button.dataset)) return;
  event.preventDefault();
  const form = event.target;
  const signal = begin();
  told(form, "…");
  form.querySelector("audio")?.remove();
  try {
    const answer = await fetch(button.formAction, {
      method: "POST",
      body: new URLSearchParams(new FormData(form)),
      headers: { accept: "audio/wav, application/problem+json" },
      signal,
    });
    if (!answer.ok) return told(form, await refusal(answer, form));
    const audio = document.createElement("audio");
    audio.controls = true;
    audio.src = URL.createObjectURL(await answer.blob());
    audio.setAttribute("aria-label", button.textContent.trim());
    told(form, "");
    form.querySelector("[data-told]").before(audio);
    await audio.play();
  } catch (error) {
    if (error.name !== "AbortError") told(form, form.dataset.failed);
  }
});
const says = (form, said) => {
  if (said.step === "waits") return said.before > 0 ? `${form.dataset.waits} ${said.before}` : "…";
  return form.dataset[said.step] ?? form.dataset.failed;
};
for (const form of document.querySelectorAll("form[data-remake]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const signal = begin();
    const button = form.querySelector("button");
    button.disabled = true;
    told(form, "…");
    try {
      const answer = await fetch(form.dataset.remake, {
        method: "POST",
        headers: { accept: "text/event-stream, application/problem+json" },
        signal,
      });
      if (!answer.ok) return told(form, await refusal(answer, form));
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      let rest = "";
      for (;;) {
        const { value, done } = await reader.read();
        if (done) break;
        rest += value;
        const events = rest.split("\n\n");
        rest = events.pop();
        for (const one of events) {
          const said = JSON.parse(one.replace(/^data: /, ""));
          if (said.step === "failed") return told(form, said.detail);
          if (said.step === "done") {
            const here = new URL(location.href);
            here.search = "?done=remade";
            here.hash = form.closest("section").id;
            location.assign(here);
            return;
          }
          told(form, says(form, said));
        }
      }
      told(form, form.dataset.failed);
    } catch (error) {
      if (error.name !== "AbortError") told(form, form.dataset.failed);
    } finally {
      button.disabled = false;
    }
  });
}
