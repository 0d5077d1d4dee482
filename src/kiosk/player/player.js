// The page of a device: flags, numbers, a stop, and an idle loop. Keys: F1 to F11 choose a language, digits type a stop's
// number, Enter plays or stops it, Escape goes back. Everything comes from the device's own folder.
(() => {
  'use strict';
  const $ = (id) => document.getElementById(id);
  const sound = $('sound');
  const WORDS = {
    vi: ['Bấm số của điểm dừng', 'Giọng đọc tổng hợp', 'Bản dịch máy, chưa được duyệt', 'Nội dung có thể đã cũ', 'Nghe', 'Dừng', 'Không có số này', 'Âm thanh bị hỏng, đang được tải lại'],
    en: ['Press the number of a stop', 'Synthetic voice', 'Machine translation, not reviewed', 'This may be out of date', 'Listen', 'Stop', 'There is no such number', 'This sound is damaged and will be fetched again'],
    fr: ['Tapez le numéro d’une étape', 'Voix de synthèse', 'Traduction automatique, non relue', 'Ces informations peuvent être anciennes', 'Écouter', 'Arrêter', 'Ce numéro n’existe pas', 'Ce son est endommagé et sera chargé à nouveau'],
    ja: ['番号を押してください', '合成音声', '未確認の機械翻訳', '内容が古い可能性があります', '聞く', '停止', 'この番号はありません', '音声が破損しています。再取得します'],
    zh: ['请按编号', '合成语音', '机器翻译，未经审核', '内容可能已过时', '收听', '停止', '没有这个编号', '音频已损坏，将重新下载'],
    ko: ['번호를 누르세요', '합성 음성', '검토되지 않은 기계 번역', '오래된 내용일 수 있습니다', '듣기', '정지', '없는 번호입니다', '음성이 손상되어 다시 받습니다'],
    pt: ['Digite o número de uma parada', 'Voz sintética', 'Tradução automática, não revista', 'Esta informação pode estar desatualizada', 'Ouvir', 'Parar', 'Não existe esse número', 'Este som está danificado e será buscado de novo'],
    es: ['Marque el número de una parada', 'Voz sintética', 'Traducción automática, sin revisar', 'Puede no estar al día', 'Escuchar', 'Parar', 'No existe ese número', 'Este sonido está dañado y se traerá de nuevo'],
    it: ['Premere il numero di una tappa', 'Voce sintetica', 'Traduzione automatica, non rivista', 'Potrebbe non essere aggiornato', 'Ascolta', 'Ferma', 'Numero inesistente', 'Audio danneggiato, sarà scaricato di nuovo'],
    de: ['Nummer einer Station drücken', 'Synthetische Stimme', 'Maschinelle Übersetzung, nicht geprüft', 'Kann veraltet sein', 'Anhören', 'Anhalten', 'Diese Nummer gibt es nicht', 'Der Ton ist beschädigt und wird neu geholt'],
    ru: ['Наберите номер остановки', 'Синтезированный голос', 'Машинный перевод, не проверен', 'Сведения могли устареть', 'Слушать', 'Стоп', 'Такого номера нет', 'Звук повреждён и будет загружен снова'],
  };
  const [INVITE, SYNTHETIC, MACHINE, OLD, LISTEN, HALT, NO_NUMBER, DAMAGED] = [0, 1, 2, 3, 4, 5, 6, 7];
  const IDLE_AFTER = 60_000, SLIDE = 12_000, TYPING = 2_500, LOOK = 30_000;
  let bundle = null, lang = 'vi', open = null, sentences = [], typed = '', typing = 0, touched = Date.now();
  let slide = 0, heard = 0, last = null, stuck = 0;

  const say = (which) => (WORDS[lang] || WORDS.en)[which];
  const best = (names) => names[lang] || names.en || names.vi || Object.values(names)[0] || '';
  const fill = (element, ...children) => element.replaceChildren(...children);
  const make = (tag, fields = {}, ...children) => {
    const element = Object.assign(document.createElement(tag), fields);
    element.append(...children);
    return element;
  };
  const warn = (text) => { $('trouble').textContent = text; $('trouble').hidden = !text; };

  const draw = () => {
    document.documentElement.lang = lang;
    $('house').textContent = best(bundle.house);
    $('old').hidden = !bundle.old;
    $('old').textContent = say(OLD);
    $('invitation').textContent = say(INVITE);
    fill($('flags'), ...bundle.languages.map(({ tag, name }, place) => {
      const flag = make('button', { type: 'button', lang: tag, title: `F${place + 1}` }, name);
      flag.setAttribute('aria-pressed', String(tag === lang));
      flag.addEventListener('click', () => choose(tag));
      return flag;
    }));
    const spoken = bundle.stops.filter((stop) => stop.guides[lang]);
    fill($('stops'), ...spoken.map((stop) => {
      const key = make('button', { type: 'button' }, make('b', {}, String(stop.number)), stop.guides[lang].title);
      key.addEventListener('click', () => enter(stop));
      return make('li', {}, key);
    }));
  };

  const choose = (tag) => {
    lang = tag;
    const here = open;
    leave();
    draw();
    if (here && here.guides[lang]) enter(here);
  };

  const report = () => {
    const seconds = Math.round(heard);
    heard = 0; last = null;
    if (!open || seconds < 1) return;
    const body = JSON.stringify({ stop: open.code, language: open.language, seconds });
    fetch('/played', { method: 'POST', body, keepalive: true }).catch(() => {});
  };

  const leave = () => {
    report();
    sound.pause();
    sound.removeAttribute('src');
    open = null; sentences = [];
    $('stop').hidden = true; $('list').hidden = false;
    warn('');
  };

  const enter = async (stop) => {
    leave();
    const guide = stop.guides[lang];
    if (!guide) return warn(say(NO_NUMBER));
    open = { ...stop, language: lang };
    const mine = open;
    $('idle').hidden = true; $('list').hidden = true; $('stop').hidden = false;
    $('number').textContent = `${stop.number} · ${stop.code}`;
    $('title').textContent = guide.title;
    $('notes').textContent = [guide.synthetic && say(SYNTHETIC), guide.machine_translated && say(MACHINE)].filter(Boolean).join(' · ');
    $('play').textContent = say(LISTEN);
    $('done').value = 0;
    fill($('words'));
    sound.src = `/files/${guide.audio}`;
    sound.play().catch(() => {});
    try {
      const answer = await fetch(`/files/${guide.edition}`);
      if (!answer.ok || open !== mine) return;
      const edition = await answer.json();
      if (open !== mine) return;
      let paragraph = null, number = -1;
      for (const sentence of edition.sentences) {
        if (sentence.paragraph !== number) {
          number = sentence.paragraph;
          paragraph = make('p');
          $('words').append(paragraph);
        }
        const element = make('span', {}, sentence.text);
        paragraph.append(element, ' ');
        sentences.push({ element, start: sentence.start / 1000, end: sentence.end / 1000 });
      }
    } catch { /* the sound plays without its words */ }
  };

  const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;
  sound.addEventListener('timeupdate', () => {
    touched = Date.now();
    const at = sound.currentTime;
    if (last !== null && at > last && at - last < 2) heard += at - last;
    last = at;
    $('done').value = sound.duration ? at / sound.duration : 0;
    $('time').textContent = clock(at);
    for (const { element, start, end } of sentences) {
      const now = at >= start && at < end;
      if (now && !element.classList.contains('now')) element.scrollIntoView({ block: 'nearest' });
      element.classList.toggle('now', now);
    }
  });
  sound.addEventListener('play', () => { $('play').textContent = say(HALT); });
  sound.addEventListener('pause', () => { $('play').textContent = say(LISTEN); });
  sound.addEventListener('ended', report);
  sound.addEventListener('error', () => { if (sound.getAttribute('src')) warn(say(DAMAGED)); });
  const toggle = () => { if (sound.paused) sound.play().catch(() => {}); else sound.pause(); };
  $('play').addEventListener('click', toggle);

  /** The stop after or before the open one, among those that speak. */
  const step = (by) => {
    const spoken = bundle.stops.filter((stop) => stop.guides[lang]);
    const next = spoken[spoken.findIndex((stop) => stop.code === open.code) + by];
    if (next) enter(next);
  };

  const dial = () => {
    clearTimeout(typing);
    const number = Number(typed);
    typed = '';
    $('typed').hidden = true;
    const stop = bundle && bundle.stops.find((one) => one.number === number && one.guides[lang]);
    if (stop) enter(stop); else warn(say(NO_NUMBER));
  };
  addEventListener('keydown', (event) => {
    touched = Date.now();
    if (!bundle || event.ctrlKey || event.altKey || event.metaKey) return;
    const flag = /^F(\d{1,2})$/.exec(event.key);
    if (/^\d$/.test(event.key)) {
      warn('');
      typed = (typed + event.key).slice(-4);
      $('typed').textContent = typed;
      $('typed').hidden = false;
      clearTimeout(typing);
      typing = setTimeout(dial, TYPING);
    } else if (event.key === 'Enter' && typed) dial();
    else if (event.key === 'Enter' && open && document.activeElement.tagName !== 'BUTTON') toggle();
    else if (event.key === 'MediaPlayPause' && open) toggle();
    else if ((event.key === 'ArrowRight' || event.key === 'ArrowLeft') && open) step(event.key === 'ArrowRight' ? 1 : -1);
    else if (event.key === 'Escape') { typed = ''; $('typed').hidden = true; leave(); }
    else if (flag && bundle.languages[flag[1] - 1]) choose(bundle.languages[flag[1] - 1].tag);
    else return;
    event.preventDefault();
  });
  addEventListener('pointerdown', () => { touched = Date.now(); });

  // Nobody there: back to the beginning, in the house's first language, with one cover after another.
  setInterval(() => {
    if (!bundle || Date.now() - touched < IDLE_AFTER || !sound.paused) return;
    if (open) leave();
    if (lang !== bundle.languages[0].tag) choose(bundle.languages[0].tag);
    const covers = bundle.sites.filter((site) => site.cover);
    $('idle').hidden = false;
    if (!covers.length) return;
    const site = covers[slide++ % covers.length];
    fill($('cover'), make('img', { src: `/files/${site.cover}`, alt: best(site.names) }));
  }, SLIDE);
  // The sound may die while the clock runs on.
  setInterval(() => {
    if (sound.paused || !open) { stuck = -1; return; }
    if (stuck === sound.currentTime) { const at = sound.currentTime; sound.load(); sound.currentTime = at; sound.play().catch(() => {}); }
    stuck = sound.currentTime;
  }, 4_000);

  const look = async () => {
    try {
      const answer = await fetch('/bundle');
      if (!answer.ok) throw new Error(String(answer.status));
      const found = await answer.json();
      const changed = !bundle || bundle.version !== found.version || bundle.old !== found.old;
      // A visitor who listens hears the guide to its end, in the bundle it began in.
      if (changed && !open) {
        bundle = found;
        if (!bundle.languages.some(({ tag }) => tag === lang) && bundle.languages.length) lang = bundle.languages[0].tag;
        draw();
        warn('');
      }
      $('entrance').hidden = true;
      $('list').hidden = Boolean(open);
    } catch { if (!bundle) await ask().catch(() => warn('…')); }
  };

  // A device that belongs to no house yet takes its code here; one that has nothing yet says that it is coming.
  const ask = async () => {
    const answer = await fetch('/entrance');
    const standing = answer.ok ? await answer.json() : { enrolled: true };
    warn(standing.enrolled ? 'Đang tải bài thuyết minh · The guides are on their way' : '');
    if ($('entrance').hidden === !standing.enrolled) return;
    $('entrance').hidden = standing.enrolled;
    $('idle').hidden = $('list').hidden = true;
    if (standing.enrolled) return;
    $('server').value = standing.server || '';
    $('server').readOnly = Boolean(standing.server);
    (standing.server ? $('code') : $('server')).focus();
  };
  const REFUSED = {
    403: 'Mã sai, đã dùng hoặc quá cũ · The code is wrong, was used, or is too old',
    409: 'Thiết bị này đã có chủ · This device belongs to a house already',
    502: 'Nhà không trả lời · The house does not answer',
  };
  $('enter').addEventListener('submit', async (event) => {
    event.preventDefault();
    $('answer').textContent = '…';
    const body = JSON.stringify({ server: $('server').value.trim(), code: $('code').value.trim() });
    try {
      const answer = await fetch('/entrance', { method: 'POST', body });
      if (answer.ok) { $('answer').textContent = (await answer.json()).device; look(); }
      else $('answer').textContent = REFUSED[answer.status] || REFUSED[502];
    } catch { $('answer').textContent = REFUSED[502]; }
  });
  look();
  setInterval(look, LOOK);
})();
