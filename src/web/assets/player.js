// The stop's player: the native <audio> of the page stays the one source of sound; this puts large keys under the
// thumb, lets the text follow the sound, and notices when the sound dies while the clock runs.
(() => {
  'use strict';
  const player = document.getElementById('player');
  const sound = document.getElementById('sound');
  if (!player || !sound) return;
  const part = (name) => player.querySelector(name);
  const deck = part('.deck'), seek = part('.seek input'), now = part('.time'), play = part('.play');
  const speed = part('.speed'), follow = part('.follow'), alarm = part('.alarm');
  const words = document.getElementById('words');
  const sentences = Array.from(words.querySelectorAll('.s'), (element) => ({
    element, start: Number(element.dataset.start), end: Number(element.dataset.end),
  }));
  const total = Number(player.dataset.seconds);
  const calm = matchMedia('(prefers-reduced-motion: reduce)');
  const speeds = [1, 1.25, 1.5, 0.75];
  let current = -1, following = true, dragging = false, ownScroll = 0;

  const length = () => (Number.isFinite(sound.duration) && sound.duration > 0 ? sound.duration : total);
  const clock = (seconds) => {
    const whole = Math.max(0, Math.floor(seconds));
    return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
  };

  // Showing where the sound is.
  const show = (at) => {
    const share = Math.min(1, at / length());
    now.textContent = clock(at);
    seek.style.setProperty('--done', `${share * 100}%`);
    seek.setAttribute('aria-valuetext', player.dataset.position.replace('{position}', clock(at)).replace('{duration}', clock(length())));
    if (!dragging) seek.value = String(at);
    light(at);
  };
  // The sentence being spoken; in the pause after it, the sentence before the pause.
  const spoken = (at) => {
    let low = 0, high = sentences.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sentences[middle].start <= at + 0.02) low = middle + 1; else high = middle;
    }
    return low - 1;
  };
  const light = (at) => {
    const next = at > 0 || !sound.paused ? spoken(at) : -1;
    if (next === current) return;
    if (current >= 0) {
      sentences[current].element.classList.remove('now');
      sentences[current].element.removeAttribute('aria-current');
    }
    current = next;
    if (current < 0) return;
    const { element } = sentences[current];
    element.classList.add('now');
    element.setAttribute('aria-current', 'true');
    hold(current);
    if (following && !sound.paused) bring(element);
  };

  // Scrolling: gently, only when needed, and never against the visitor.
  const bring = (element) => {
    const box = element.getBoundingClientRect();
    const top = 72, bottom = innerHeight - player.offsetHeight - 16;
    if (box.top >= top && box.bottom <= Math.max(bottom, top + box.height) && box.top < top + (bottom - top) * 0.7) return;
    ownScroll = performance.now();
    scrollTo({ top: scrollY + box.top - top - (bottom - top) * 0.2, behavior: calm.matches ? 'auto' : 'smooth' });
  };
  const setFollowing = (on) => {
    following = on;
    follow.setAttribute('aria-pressed', String(on));
    if (on && current >= 0) bring(sentences[current].element);
  };
  const byHand = () => {
    if (!following) return;
    setFollowing(false);
    // A gentle scroll of our own that is still under way would go on against the hand.
    if (performance.now() - ownScroll < 1500) scrollTo({ top: scrollY, behavior: 'instant' });
  };
  addEventListener('wheel', byHand, { passive: true });
  addEventListener('touchmove', (event) => { if (!player.contains(event.target)) byHand(); }, { passive: true });
  addEventListener('keydown', (event) => {
    const scrolls = ['PageUp', 'PageDown', 'Home', 'End', 'ArrowUp', 'ArrowDown'].includes(event.key);
    if (scrolls && !words.contains(event.target) && event.target !== seek) byHand();
  });
  // A dragged scroll bar sends nothing but scrolls.
  addEventListener('scroll', () => {
    if (following && !sound.paused && current >= 0 && performance.now() - ownScroll > 1500) {
      const box = sentences[current].element.getBoundingClientRect();
      if (box.bottom < 0 || box.top > innerHeight) byHand();
    }
  }, { passive: true });
  follow.addEventListener('click', () => setFollowing(!following));

  // Moving through the sound.
  const go = (seconds) => {
    const at = Math.min(Math.max(0, seconds), Math.max(0, length() - 0.05));
    sound.currentTime = at;
    watch.at = at;
    watch.since = performance.now();
    show(at);
  };
  const start = () => {
    const begun = sound.play();
    if (begun) begun.catch((error) => { if (error.name !== 'AbortError' && error.name !== 'NotAllowedError') fail(); });
  };
  const toggle = () => { if (sound.paused) { setFollowing(true); start(); } else sound.pause(); };
  play.addEventListener('click', toggle);
  part('.back').addEventListener('click', () => go(sound.currentTime - 10));
  part('.forward').addEventListener('click', () => go(sound.currentTime + 10));
  seek.max = String(total);
  seek.addEventListener('input', () => { dragging = true; show(Number(seek.value)); });
  seek.addEventListener('change', () => { dragging = false; go(Number(seek.value)); });
  speed.addEventListener('click', () => {
    const next = speeds[(speeds.indexOf(sound.playbackRate) + 1) % speeds.length];
    sound.defaultPlaybackRate = next;
    sound.playbackRate = next;
    speed.lastElementChild.textContent = `${next}×`;
  });

  // Tapping a sentence; with a keyboard, one stop in the text and the arrows from there.
  const hold = (index) => {
    for (const { element } of sentences) element.tabIndex = -1;
    if (sentences[index]) sentences[index].element.tabIndex = 0;
  };
  for (const [index, { element, start: from }] of sentences.entries()) {
    element.setAttribute('role', 'button');
    element.addEventListener('click', () => {
      if (String(getSelection())) return;
      setFollowing(true);
      go(from + 0.03);
      start();
    });
    element.addEventListener('keydown', (event) => {
      const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
      if (event.key === 'Enter' || event.key === ' ') { event.preventDefault(); element.click(); }
      if (!step || !sentences[index + step]) return;
      event.preventDefault();
      hold(index + step);
      sentences[index + step].element.focus();
    });
  }
  hold(0);

  // The clock against the sound: it must move while it says that it plays.
  const watch = { at: 0, since: performance.now(), again: 0 };
  const fail = () => { alarm.hidden = false; };
  const revive = () => {
    const at = sound.currentTime;
    alarm.hidden = true;
    watch.since = performance.now();
    sound.load();
    sound.currentTime = at;
    sound.playbackRate = sound.defaultPlaybackRate;
    start();
  };
  setInterval(() => {
    const moved = Math.abs(sound.currentTime - watch.at) > 0.01;
    if (moved || sound.paused || sound.ended) {
      watch.at = sound.currentTime;
      watch.since = performance.now();
      if (moved && !sound.error) alarm.hidden = true;
    } else if (performance.now() - watch.since > 4000) fail();
  }, 500);
  sound.addEventListener('error', fail);
  const sources = sound.querySelectorAll('source');
  if (sources.length) sources[sources.length - 1].addEventListener('error', fail);
  alarm.querySelector('button').addEventListener('click', revive);
  addEventListener('online', () => { if (!alarm.hidden) revive(); });

  const state = () => {
    const playing = !sound.paused && !sound.ended;
    player.classList.toggle('playing', playing);
    play.setAttribute('aria-label', playing ? play.dataset.pause : play.dataset.play);
  };
  for (const name of ['play', 'pause', 'ended', 'emptied']) sound.addEventListener(name, state);
  sound.addEventListener('durationchange', () => { seek.max = String(length()); part('.total').textContent = clock(length()); });
  sound.addEventListener('seeked', () => show(sound.currentTime));
  const tick = () => {
    if (!sound.paused && !dragging) show(sound.currentTime);
    requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);

  // Hearings are counted as sums: that one began, and how far it came. Nothing here tells one visitor from another, and
  // nothing is kept in the browser.
  const [, language, , stop] = location.pathname.split('/');
  const source = location.hash === '#qr' ? 'qr' : 'link';
  if (source === 'qr') history.replaceState(history.state, '', location.pathname + location.search);
  let hearing = false;
  const tell = (heard) => {
    const told = { stop, language, source };
    if (heard !== null) told.heard = Math.min(1, Math.max(0, heard));
    if (navigator.sendBeacon) navigator.sendBeacon('/api/v1/listens', new Blob([JSON.stringify(told)], { type: 'application/json' }));
  };
  const over = (heard) => { if (hearing) { hearing = false; tell(heard); } };
  sound.addEventListener('playing', () => { if (!hearing) { hearing = true; tell(null); } });
  sound.addEventListener('ended', () => over(1));
  addEventListener('pagehide', () => over(sound.currentTime / length()));

  // The keys of the lock screen and of headphones.
  if ('mediaSession' in navigator && 'MediaMetadata' in window) {
    const cover = document.querySelector('.cover img');
    navigator.mediaSession.metadata = new MediaMetadata({
      title: player.dataset.title, artist: player.dataset.house,
      artwork: cover ? [{ src: cover.currentSrc || cover.src, sizes: `${cover.width}x${cover.height}` }] : [],
    });
    const keys = {
      play: start, pause: () => sound.pause(), seekto: (event) => go(event.seekTime),
      seekbackward: () => go(sound.currentTime - 10), seekforward: () => go(sound.currentTime + 10),
    };
    for (const [name, key] of Object.entries(keys)) {
      try { navigator.mediaSession.setActionHandler(name, key); } catch { /* this browser has no such key */ }
    }
  }

  // From here on the designed player takes the place of the native one.
  sound.controls = false;
  sound.hidden = true;
  deck.hidden = false;
  document.getElementById('hint').hidden = false;
  words.classList.add('ready');
  seek.value = '0';
  state();
  show(sound.currentTime);
})();
