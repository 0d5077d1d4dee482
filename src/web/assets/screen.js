// A screen in a bus or a hall. Runs for weeks: two slides are drawn over and over, the next one is made ready while this
// one shows, and nothing here grows. The last playlist and what was shown are kept through restarts and dead networks.
(() => {
  'use strict';
  const root = document.getElementById('screen');
  const notice = document.getElementById('notice');
  const slides = [...root.querySelectorAll('.slide')];
  const sound = document.getElementById('sound');
  const strip = document.getElementById('bus');
  const code = root.dataset.code;
  // In the workplace's frame: nothing is reported, kept or counted.
  const preview = root.dataset.preview === 'yes';
  const address = `/api/v1/screens/${code}`;
  const POLL = 15000, PATIENCE = 10000, PICTURE = 8000, MOST_PLAYS = 4000, AT_ONCE = 80, HOUR = 3600000, DAY = 86400000;

  const kept = (name, other) => {
    if (preview) return other;
    try { return JSON.parse(localStorage.getItem(`${name}-${code}`)) ?? other; } catch { return other; }
  };
  // A full or forbidden storage costs the memory of a restart, never the picture.
  const keep = (name, value) => { if (preview) return; try { localStorage.setItem(`${name}-${code}`, JSON.stringify(value)); } catch { /* as above */ } };

  let { tag = null, list = null } = kept('playlist', {});
  // How far the house's clock is ahead of this machine's, which may have no battery.
  let ahead = kept('ahead', 0);
  const now = () => Date.now() + ahead;

  // The rule of domain/screen: which shows are due, and everything where none is.
  const minutes = (text, other) => text ? Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5)) : other;
  function holds(when, moment) {
    const local = moment + list.utc_offset_minutes * 60000;
    const minute = Math.floor((((local % DAY) + DAY) % DAY) / 60000);
    const from = minutes(when.from, 0), until = minutes(when.until, 1440);
    const on = (local) => {
      const date = new Date(local), day = date.toISOString().slice(0, 10);
      return (!when.days.length || when.days.includes(date.getUTCDay() || 7)) &&
        (!when.first_day || when.first_day <= day) && (!when.last_day || day <= when.last_day);
    };
    if (from < until) return minute >= from && minute < until && on(local);
    return (minute >= from && on(local)) || (minute < until && on(local - DAY));
  }

  let live = null;
  /** The stops the bus comes to next. */
  const upcoming = () => {
    const riding = list?.bus ? bus.now(list.bus, now(), list.utc_offset_minutes, live) : null;
    return { riding, stops: riding ? bus.ahead(list.bus, riding) : [] };
  };

  let last = null;
  /** The slide after the last one that was chosen, among those that are due. */
  function choose() {
    const all = list ? list.slides : [];
    if (!all.length) return null;
    const moment = now();
    const due = new Set(list.shows.flatMap((when, at) => holds(when, moment) ? [at] : []));
    const is = (slide) => slide.shows.some((at) => due.has(at));
    const some = due.size > 0 && all.some(is);
    // What the bus is about to pass goes before the timetable of the plan.
    const near = new Set(upcoming().stops.flatMap((stop) => stop.near));
    const passes = all.some((slide) => near.has(slide.stop));
    const from = all.findIndex((slide) => slide.id === last) + 1;
    for (let step = 0; step < all.length; step++) {
      const slide = all[(from + step) % all.length];
      if (passes ? near.has(slide.stop) : !some || is(slide)) { last = slide.id; return slide; }
    }
    return all[0];
  }

  const put = (stage, name, text) => { stage.querySelector(name).textContent = text ?? ''; };
  const within = (promise, millis) => {
    let timer;
    const late = new Promise((_, no) => { timer = setTimeout(() => no(new Error('too late')), millis); });
    return Promise.race([promise, late]).finally(() => clearTimeout(timer));
  };

  /** Makes a slide ready on the stage that is not seen; without its picture where that cannot be had. */
  async function fill(stage, slide) {
    const idle = slide === null;
    stage.classList.toggle('idle', idle);
    stage.lang = idle ? '' : slide.lang;
    put(stage, '.title', idle ? root.dataset.name : slide.title);
    put(stage, '.place', idle ? '' : slide.site);
    put(stage, '.line', idle ? '' : slide.line);
    put(stage, '.mark', idle ? '' : slide.mark);
    put(stage, '.code', idle ? '' : slide.code);
    if (!idle) {
      const box = stage.querySelector('.qr');
      box.setAttribute('viewBox', `0 0 ${slide.qr.side} ${slide.qr.side}`);
      box.firstElementChild.setAttribute('d', slide.qr.path);
    }
    let plain = idle || !slide.picture;
    if (!plain) {
      const picture = stage.querySelector('img');
      if (picture.getAttribute('src') !== slide.picture) picture.src = slide.picture;
      try { await within(picture.decode(), PICTURE); } catch { plain = true; picture.removeAttribute('src'); }
    }
    stage.classList.toggle('plain', plain);
  }

  // Proof of play: one line for each guide and hour while it lasts, closed when it is sent.
  let plays = kept('plays', []), open = kept('open', {});
  const id = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  function shown(slide, began, millis) {
    const key = `${slide.stop} ${slide.lang} ${Math.floor(began / HOUR)}`;
    const line = open[key] ??= { id: id(), stop: slide.stop, language: slide.lang, began_at: began, times: 0, shown_millis: 0 };
    line.times += 1;
    line.shown_millis += Math.round(millis);
  }
  /** Moves closed lines over; all of them where they are about to be sent. */
  function close(all) {
    const hour = String(Math.floor(now() / HOUR));
    for (const key of Object.keys(open)) {
      if (all || !key.endsWith(` ${hour}`)) { plays.push(open[key]); delete open[key]; }
    }
    // Past this the oldest go: a month without a network must not fill the disk.
    if (plays.length > MOST_PLAYS) plays.splice(0, plays.length - MOST_PLAYS);
    keep('plays', plays);
    keep('open', open);
  }
  async function report() {
    if (preview) return;
    close(false);
    if (!plays.length && !Object.keys(open).length) return;
    close(true);
    while (plays.length) {
      const some = plays.slice(0, AT_ONCE);
      const answer = await ask(`${address}/plays`, {
        method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ plays: some }),
      });
      // What the house does not understand it will not understand later either.
      if (!answer.ok && answer.status !== 422) return;
      plays = plays.slice(some.length);
      keep('plays', plays);
    }
  }

  async function ask(url, options = {}) {
    const cut = new AbortController(), timer = setTimeout(() => cut.abort(), PATIENCE);
    try {
      const answer = await fetch(url, { cache: 'no-store', ...options, signal: cut.signal });
      const body = await answer.text();
      return { ok: answer.ok, status: answer.status, headers: answer.headers, body };
    } finally { clearTimeout(timer); }
  }

  const worker = 'serviceWorker' in navigator ? navigator.serviceWorker : null;
  /** Tells the worker which files the playlist needs; it fetches what it lacks and drops the rest. */
  async function stock() {
    if (!worker || !list || preview) return;
    const files = new Set(list.slides.flatMap((slide) => [slide.picture, slide.audio].filter(Boolean)));
    const ready = await worker.ready;
    ready.active?.postMessage({ page: location.pathname, files: [...files] });
  }

  let stale = false;
  async function poll() {
    try {
      const answer = await ask(`${address}/playlist${preview ? '?preview' : ''}`, { headers: tag ? { 'if-none-match': tag } : {} });
      const said = Date.parse(answer.headers.get('date') ?? '');
      // A second or two are the network's.
      if (!Number.isNaN(said) && Math.abs(said - now()) > 3000) { ahead = said - Date.now(); keep('ahead', ahead); }
      if (answer.status === 200) {
        list = JSON.parse(answer.body);
        tag = answer.headers.get('etag');
        keep('playlist', { tag, list });
      }
      if (answer.ok || answer.status === 304) {
        stale = list.page !== root.dataset.version;
        if (list.bus?.live) live = JSON.parse((await ask(`${address}/bus`)).body).live;
        await stock();
        await report();
      }
    } catch { /* No network: what is here plays on, and the next round asks again. */ }
    close(false);
    setTimeout(poll, POLL);
  }

  function look() {
    const moment = now();
    const current = (list ? list.notices : []).filter((one) => one.from <= moment && moment < one.until).sort((a, b) => b.id - a.id)[0];
    const key = current ? String(current.id) : '';
    if (notice.dataset.id !== key) {
      notice.dataset.id = key;
      notice.replaceChildren(...(current ? current.text : []).map(({ lang, text }) => {
        const line = document.createElement('p');
        line.lang = lang;
        line.textContent = text;
        return line;
      }));
      notice.hidden = !current;
      if (current) sound.pause();
    }
    follow();
  }
  setInterval(look, 500);

  /** The strip of a bus: its route and the stops that come next, in the language of the slide. */
  function follow() {
    const { riding, stops } = upcoming();
    const lang = root.querySelector('.slide.front')?.lang || list?.bus?.words[0].lang;
    const words = list?.bus?.words.find((one) => one.lang === lang) ?? list?.bus?.words[0];
    const text = JSON.stringify([lang, list?.bus?.route, riding?.trip.headsign, stops]);
    if (strip.dataset.text === text) return;
    strip.dataset.text = text;
    strip.hidden = !riding;
    root.classList.toggle('riding', Boolean(riding));
    if (!riding) return;
    put(strip, '.route', list.bus.route);
    put(strip, '.next', words.next);
    strip.lang = words.lang;
    strip.querySelector('ol').replaceChildren(...stops.map((stop) => {
      const item = document.createElement('li');
      item.textContent = stop.name;
      if (stop.minutes !== null) {
        const minutes = document.createElement('small');
        minutes.textContent = words.minutes.replace('{minutes}', stop.minutes);
        item.append(minutes);
      }
      return item;
    }));
  }

  /** Sound with its captions, or silence where the browser refuses to sound. */
  function speak(stage, slide) {
    sound.pause();
    if (!slide || !slide.audio) { if (sound.hasAttribute('src')) { sound.removeAttribute('src'); sound.load(); } return () => {}; }
    sound.src = slide.audio;
    if (notice.hidden) sound.play().catch(() => {});
    const began = performance.now();
    const timer = setInterval(() => {
      const at = sound.paused ? performance.now() - began : sound.currentTime * 1000;
      const line = slide.lines.findLast((line) => line.start <= at);
      if (line && stage.querySelector('.line').textContent !== line.text) put(stage, '.line', line.text);
    }, 250);
    return () => clearInterval(timer);
  }

  const wait = (millis) => new Promise((done) => setTimeout(done, Math.max(0, millis)));
  /** Loads the page anew where the house has a newer one, and only while the house answers. */
  async function renew() {
    stale = false;
    try { if ((await ask(location.pathname)).ok) { close(true); location.reload(); } } catch { /* later */ }
  }

  async function run() {
    let front = 0, changes = 0, slide = choose();
    await fill(slides[front], slide);
    slides[front].classList.add('front');
    for (;;) {
      const began = now(), from = performance.now();
      const hush = speak(slides[front], slide);
      const next = choose();
      const ready = fill(slides[1 - front], next);
      // A house without guides is looked at often: the first one should not wait.
      await wait(slide ? slide.millis : 2000);
      await ready;
      hush();
      slides[1 - front].classList.add('front');
      slides[front].classList.remove('front');
      if (slide && notice.hidden) shown(slide, began, performance.now() - from);
      front = 1 - front;
      slide = next;
      changes += 1;
      root.dataset.changes = String(changes);
      if (stale) await renew();
    }
  }

  if (!preview) worker?.register('/screens/worker.js', { scope: '/screens/' }).catch(() => {});
  if (!preview) navigator.storage?.persist?.().catch(() => {});
  look();
  run();
  poll();
})();
