// A person's own voice: recorded on the page with a level to watch, listened to, recorded again, sent. What was recorded
// lies in the browser's own store from its first second until it was taken in, so a closed tab loses nothing.
"use strict";
const opened = () =>
  new Promise((resolve, reject) => {
    const asked = indexedDB.open("thuyetminh-recordings", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("kept");
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
const kept = async (mode, work) => {
  const store = (await opened()).transaction("kept", mode).objectStore("kept");
  return new Promise((resolve, reject) => {
    const asked = work(store);
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
};
// What the house reads, the first that this browser writes.
const form_of = () => ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"].find((type) => MediaRecorder.isTypeSupported(type));
const ending = (type) => (type.startsWith("audio/mp4") ? "m4a" : type.startsWith("audio/ogg") ? "ogg" : "webm");

const furnish = (form) => {
  const { words, key } = { words: form.dataset, key: form.dataset.record };
  const file = form.querySelector('input[type="file"]');
  const send = form.querySelector("button");
  const told = form.querySelector("[data-told]");
  const desk = document.createElement("div");
  desk.className = "recorder";
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = words.start;
  const level = document.createElement("meter");
  level.max = 1;
  level.high = 0.9;
  level.hidden = true;
  level.setAttribute("aria-label", words.level);
  const time = document.createElement("span");
  time.className = "number";
  const audio = document.createElement("audio");
  audio.controls = true;
  audio.hidden = true;
  audio.setAttribute("aria-label", words.listen);
  desk.append(button, level, time, audio);
  file.closest("div").before(desk);
  let sound = null;
  let running = null;
  const show = (blob) => {
    sound = blob;
    audio.src = URL.createObjectURL(blob);
    audio.hidden = false;
    file.required = false;
    button.textContent = words.again;
    send.disabled = false;
  };
  kept("readonly", (store) => store.get(key)).then((before) => {
    if (!before) return;
    show(before);
    told.textContent = words.kept;
    form.closest("details")?.setAttribute("open", "");
  });
  const watch = (stream) => {
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    context.createMediaStreamSource(stream).connect(analyser);
    const wave = new Float32Array(analyser.fftSize);
    const begun = performance.now();
    const timer = setInterval(() => {
      analyser.getFloatTimeDomainData(wave);
      level.value = Math.min(1, Math.max(...wave.map(Math.abs)));
      const seconds = Math.floor((performance.now() - begun) / 1000);
      time.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    }, 100);
    return () => {
      clearInterval(timer);
      context.close();
    };
  };
  button.addEventListener("click", async () => {
    if (running) return running.stop();
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: { echoCancellation: false } });
    } catch {
      told.textContent = words.refused;
      return;
    }
    const type = form_of();
    const pieces = [];
    running = new MediaRecorder(stream, { mimeType: type, audioBitsPerSecond: 96000 });
    const over = watch(stream);
    level.hidden = false;
    audio.pause();
    audio.hidden = true;
    send.disabled = true;
    button.textContent = words.stop;
    told.textContent = "";
    running.addEventListener("dataavailable", (event) => {
      if (event.data.size > 0) pieces.push(event.data);
      const blob = new Blob(pieces, { type });
      kept("readwrite", (store) => store.put(blob, key));
    });
    running.addEventListener("stop", () => {
      running = null;
      over();
      level.hidden = true;
      for (const track of stream.getTracks()) track.stop();
      show(new Blob(pieces, { type }));
      audio.focus();
    });
    running.start(1000);
  });
  form.addEventListener("submit", async (event) => {
    // A file that was chosen goes before what was recorded.
    const given = file.files[0] ?? sound;
    if (!given) return;
    event.preventDefault();
    send.disabled = true;
    told.textContent = words.sending;
    // The file comes last: who may not send it is told before it is read.
    const body = new FormData();
    for (const [name, value] of new FormData(form)) if (name !== "file") body.append(name, value);
    body.append("file", given, given.name ?? `${words.name}.${ending(given.type)}`);
    try {
      const answer = await fetch(form.action, { method: "POST", body, headers: { accept: "text/html" } });
      if (answer.ok) {
        await kept("readwrite", (store) => store.delete(key));
        const there = new URL(answer.url);
        there.hash = form.closest(".heard")?.id ?? "";
        const only_the_place = there.hash !== "" && there.href.split("#")[0] === location.href.split("#")[0];
        location.assign(there);
        if (only_the_place) location.reload();
        return;
      }
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      told.textContent = page.querySelector(".told.bad")?.textContent ?? words.failed;
    } catch {
      told.textContent = words.failed;
    }
    send.disabled = false;
  });
};
if (navigator.mediaDevices && window.MediaRecorder && form_of()) {
  for (const form of document.querySelectorAll("form[data-record]")) furnish(form);
}
