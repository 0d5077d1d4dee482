// The visitor's journey in a real browser, phone sized: scan, listen, read along, change language; without scripts too.
// Ends with the line `N passed, N failed`.
import { createRequire } from 'node:module';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const base = process.env.BASE.replace(/\/$/, '');
const out = process.env.OUT;
const load = createRequire(join(out, 'package.json'));
const { chromium } = load('playwright-core');
const axe = readFileSync(load.resolve('axe-core/axe.min.js'), 'utf8');
const { WebVTTParser } = load('webvtt-parser');
const code = process.env.CODE ?? 'TD1';
const PHONE = { width: 390, height: 844 };
const SMALL = { width: 320, height: 568 };
mkdirSync(out, { recursive: true });

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  headless: true,
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
    '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-dev-shm-usage',
    '--autoplay-policy=no-user-gesture-required'],
});

let passed = 0, failed = 0;
const check = (fact, message) => { if (!fact) throw new Error(message); };

/** A fresh phone for each test; anything it fetches from elsewhere or logs as an error fails the test. */
async function test(name, options, body) {
  const { strict = true, ...rest } = options;
  const context = await browser.newContext({
    viewport: PHONE, deviceScaleFactor: 2, hasTouch: true, isMobile: true, locale: 'en-US', ...rest,
  });
  const page = await context.newPage();
  const wrong = [];
  page.on('pageerror', (error) => wrong.push(`script error: ${error.message}`));
  page.on('console', (message) => { if (strict && message.type() === 'error') wrong.push(`console: ${message.text()}`); });
  page.on('request', (request) => {
    if (!request.url().startsWith(base) && !/^(data|blob):/.test(request.url())) wrong.push(`fetched ${request.url()}`);
  });
  try {
    await body(page, context);
    check(wrong.length === 0, wrong.join('; '));
    passed += 1;
    console.log(`ok   ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAIL ${name}: ${error.message}`);
    await page.screenshot({ path: join(out, `failed-${name.replace(/\W+/g, '-')}.png`) }).catch(() => {});
  } finally {
    await context.close();
  }
}

const shot = (page, name, fullPage = false) => page.screenshot({ path: join(out, `${name}.png`), fullPage });
const at = (page) => page.evaluate(() => document.getElementById('sound').currentTime);
const waitFor = (page, what, argument) => page.waitForFunction(what, argument, { timeout: 15000 });
const open = (page, tag = null) => page.goto(`${base}/q/${code}${tag ? `?lang=${tag}` : ''}`);
const press = (page, key) => page.locator(`.keys .${key}`).tap();
const sounding = (page, from) =>
  waitFor(page, (from) => { const s = document.getElementById('sound'); return !s.paused && s.currentTime > from + 0.4; }, from);

/** Violations of WCAG 2.2 AA and of axe's good practice, on the page as it stands. */
async function violations(page) {
  await page.evaluate(axe);
  const found = await page.evaluate(() => window.axe.run(document, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    rules: { 'target-size': { enabled: true } },
  }));
  return found.violations.map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => `${n.target} ${n.failureSummary}`).join(' | ')}`);
}

await test('a code leads to the stop in the language of the phone', {}, async (page) => {
  await open(page);
  check(new URL(page.url()).pathname.startsWith('/en/stops/'), page.url());
  check((await page.locator('html').getAttribute('lang')) === 'en', 'lang');
});

await test('nothing sounds before it is asked to', {}, async (page) => {
  await open(page);
  await page.waitForTimeout(800);
  check(await page.evaluate(() => document.getElementById('sound').paused), 'it plays by itself');
  check((await at(page)) === 0, 'the sound moved');
});

await test('it plays, and the text follows', {}, async (page) => {
  await open(page, 'vi');
  await shot(page, 'stop-vi-390');
  await press(page, 'play');
  await sounding(page, 0);
  await waitFor(page, () => document.querySelectorAll('.s.now').length === 1);
  const lit = await page.evaluate(() => {
    const now = document.querySelector('.s.now'), t = document.getElementById('sound').currentTime;
    return { start: Number(now.dataset.start), t, current: now.getAttribute('aria-current') };
  });
  check(lit.start <= lit.t + 0.1 && lit.current === 'true', JSON.stringify(lit));
  const label = await page.locator('.keys .play').getAttribute('aria-label');
  check(label === 'Tạm dừng', label);
  // The next sentence is lit when its time comes.
  const next = await page.evaluate(() => document.querySelectorAll('.s')[1].dataset.start);
  await page.evaluate((t) => { document.getElementById('sound').currentTime = Number(t) - 0.3; }, next);
  await waitFor(page, () => document.querySelectorAll('.s')[1].classList.contains('now'));
  await shot(page, 'playing-vi-390');
  await press(page, 'play');
  await waitFor(page, () => document.getElementById('sound').paused);
});

await test('seeking: by the bar, by ten seconds, by the keyboard', {}, async (page) => {
  await open(page, 'en');
  await press(page, 'play');
  await sounding(page, 0);
  const bar = await page.locator('.seek input').boundingBox();
  await page.touchscreen.tap(bar.x + bar.width / 2, bar.y + bar.height / 2);
  const total = await page.evaluate(() => document.getElementById('sound').duration);
  await waitFor(page, (half) => Math.abs(document.getElementById('sound').currentTime - half) < half * 0.3, total / 2);
  await sounding(page, await at(page));
  const before = await at(page);
  await press(page, 'forward');
  check((await at(page)) - before > 8, 'ten seconds forward');
  await press(page, 'back');
  await press(page, 'back');
  check((await at(page)) < before, 'ten seconds back');
  await page.locator('.seek input').focus();
  await page.keyboard.press('Home');
  await waitFor(page, () => document.getElementById('sound').currentTime < 3);
  const value = await page.locator('.seek input').getAttribute('aria-valuetext');
  check(/^0:0\d of \d+:\d\d$/.test(value), value);
});

await test('a tapped sentence is heard from its beginning', {}, async (page) => {
  await open(page, 'en');
  const sentence = page.locator('.s').nth(4);
  const start = Number(await sentence.getAttribute('data-start'));
  await sentence.scrollIntoViewIfNeeded();
  // A sentence begins in the middle of a line: its first line is tapped, not the corner of its box.
  const line = await sentence.evaluate((e) => { const box = e.getClientRects()[0]; return { x: box.left + 8, y: box.top + box.height / 2 }; });
  await page.touchscreen.tap(line.x, line.y);
  await sounding(page, start);
  check((await at(page)) >= start && (await at(page)) < start + 4, `${await at(page)} for ${start}`);
  check(await sentence.evaluate((e) => e.classList.contains('now')), 'it is not lit');
  // The same by keyboard: one stop in the text, arrows from sentence to sentence.
  await sentence.focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  const next = Number(await page.locator('.s').nth(5).getAttribute('data-start'));
  await sounding(page, next);
});

await test('the page follows the sound until the visitor scrolls', {}, async (page) => {
  await open(page, 'en');
  await press(page, 'play');
  await sounding(page, 0);
  const last = await page.evaluate(() => {
    const all = [...document.querySelectorAll('.s')];
    document.getElementById('sound').currentTime = Number(all.at(-2).dataset.start) + 0.1;
    return all.length - 2;
  });
  await waitFor(page, (n) => document.querySelectorAll('.s')[n].classList.contains('now'), last);
  await waitFor(page, (n) => {
    const box = document.querySelectorAll('.s')[n].getBoundingClientRect();
    return box.top >= 0 && box.bottom <= document.getElementById('player').getBoundingClientRect().top;
  }, last);
  await shot(page, 'following-en-390');
  // On a busy machine the gentle scroll outlasts the moment its sentence came into view.
  await page.waitForFunction(() => {
    const still = globalThis.lastScroll === scrollY;
    globalThis.lastScroll = scrollY;
    return still;
  }, undefined, { timeout: 15000, polling: 300 });
  await page.evaluate(() => dispatchEvent(new WheelEvent('wheel', { deltaY: -300 })));
  check((await page.locator('.follow').getAttribute('aria-pressed')) === 'false', 'it still follows');
  await page.evaluate(() => scrollTo({ top: 0, behavior: 'instant' }));
  await page.evaluate(() => { document.getElementById('sound').currentTime = Number(document.querySelectorAll('.s')[3].dataset.start); });
  await page.waitForTimeout(900);
  check((await page.evaluate(() => scrollY)) < 5, 'it scrolled against the visitor');
  await press(page, 'follow');
  check((await page.locator('.follow').getAttribute('aria-pressed')) === 'true', 'it does not follow again');
});

await test('speed changes and is said', {}, async (page) => {
  await open(page, 'en');
  await press(page, 'speed');
  check((await page.evaluate(() => document.getElementById('sound').playbackRate)) === 1.25, 'rate');
  check((await page.locator('.speed span:last-child').innerText()).trim() === '1.25×', 'label');
});

await test('another language is chosen, and remembered', {}, async (page, context) => {
  await open(page);
  await page.locator('.langs summary').tap();
  await shot(page, 'languages-390');
  await page.locator('.langs a[lang=ja]').tap();
  await page.waitForURL(/\/ja\/stops\//);
  check(!page.url().includes('?'), page.url());
  check((await page.locator('html').getAttribute('lang')) === 'ja', 'lang');
  await shot(page, 'stop-ja-390');
  await open(page);
  check(new URL(page.url()).pathname.startsWith('/ja/'), `not remembered: ${page.url()}`);
  const cookies = await context.cookies();
  check(cookies.length === 1 && cookies[0].name === 'lang' && cookies[0].value === 'ja', JSON.stringify(cookies));
});

await test('without scripts there are text, plain sound and languages', { javaScriptEnabled: false }, async (page) => {
  await open(page, 'vi');
  check(await page.locator('audio[controls]').isVisible(), 'no plain player');
  check(!(await page.locator('.deck').isVisible()), 'keys that do nothing');
  check((await page.locator('.s').count()) > 5, 'no text');
  await shot(page, 'noscript-vi-390');
  await page.locator('.langs summary').tap();
  await page.locator('.langs a[lang=en]').tap();
  await page.waitForURL(/\/en\/stops\//);
  const source = await page.locator('audio source').first().getAttribute('src');
  const part = await page.request.get(base + source, { headers: { range: 'bytes=0-1' } });
  check(part.status() === 206 && (await part.body()).length === 2, `range ${part.status()}`);
});

await test('a sound that dies is noticed and can be tried again', { strict: false }, async (page) => {
  await page.route('**/audio/**', (route) => route.abort());
  await open(page, 'en');
  await press(page, 'play');
  await page.locator('.alarm').waitFor({ state: 'visible', timeout: 15000 });
  await shot(page, 'stalled-390');
  await page.unroute('**/audio/**');
  await page.locator('.alarm button').tap();
  await sounding(page, 0);
  await page.locator('.alarm').waitFor({ state: 'hidden', timeout: 15000 });
});

await test('captions are right WebVTT', {}, async (page) => {
  await open(page, 'vi');
  const address = await page.locator('track').getAttribute('src');
  const text = await (await page.request.get(base + address)).text();
  const { cues, errors } = new WebVTTParser().parse(text, 'metadata');
  check(errors.length === 0, JSON.stringify(errors.slice(0, 3)));
  check(cues.length === (await page.locator('.s').count()), `${cues.length} cues`);
  check(cues.every((cue, n) => n === 0 || cue.startTime >= cues[n - 1].startTime), 'not ascending');
});

for (const [name, address] of [
  ['home', '/vi/'], ['site', '/en/sites/thap-doi'], ['stop', `/q/${code}`], ['not-made', '/en/stops/chim-than-garuda'],
  ['unknown-code', '/q/ZZ99'], ['api', '/api/'],
]) {
  if (process.env.ONLY_CODE && ['site', 'not-made'].includes(name)) continue;
  for (const colorScheme of ['light', 'dark']) {
    await test(`${name}, ${colorScheme}: no barrier, no sideways scrolling`, { colorScheme, strict: false }, async (page) => {
      await page.goto(base + address, { waitUntil: 'load' });
      const found = await violations(page);
      check(found.length === 0, found.join('\n     '));
      for (const size of [PHONE, SMALL, { width: 1280, height: 800 }]) {
        await page.setViewportSize(size);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth) - size.width;
        check(wide <= 0, `${wide} px too wide at ${size.width}`);
        await shot(page, `${name}-${colorScheme}-${size.width}`);
      }
      await page.setViewportSize(PHONE);
      await shot(page, `${name}-${colorScheme}-full`, true);
    });
  }
}

await test('large targets and no jumps while loading', {}, async (page) => {
  await page.addInitScript(() => {
    window.shifts = 0;
    new PerformanceObserver((list) => { for (const e of list.getEntries()) window.shifts += e.value; })
      .observe({ type: 'layout-shift', buffered: true });
  });
  await open(page, 'vi');
  await page.waitForLoadState('networkidle');
  const small = await page.evaluate(() => [...document.querySelectorAll('a, button, summary, input')]
    .filter((e) => e.offsetParent !== null && !e.closest('.skip') && !e.classList.contains('skip'))
    .map((e) => [e.className || e.textContent.trim(), e.getBoundingClientRect()])
    .filter(([, box]) => box.width > 0 && (box.width < 44 || box.height < 44))
    .map(([name, box]) => `${name} ${Math.round(box.width)}x${Math.round(box.height)}`));
  check(small.length === 0, small.join('; '));
  const shifts = await page.evaluate(() => window.shifts);
  check(shifts < 0.02, `layout shift ${shifts}`);
});

await browser.close();
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
