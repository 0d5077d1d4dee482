// Every page that links lead to, public and of the workplace, in Vietnamese and in English: no barrier that axe-core knows
// of, no sideways scrolling at a desk, on a tablet and on a phone, everything reached by the Tab key alone, no word of the
// other language left over. Signs in as `lan`, whom desk.mjs made. Ends with the line `N passed, N failed`.
import { createRequire } from 'node:module';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const base = process.env.BASE.replace(/\/$/, '');
const out = join(process.env.OUT, 'pages');
mkdirSync(out, { recursive: true });
const load = createRequire(join(process.env.OUT, 'package.json'));
const { chromium } = load('playwright-core');
const axe = readFileSync(load.resolve('axe-core/axe.min.js'), 'utf8');

const SIZES = { desk: { width: 1280, height: 900 }, tablet: { width: 820, height: 1180 }, phone: { width: 390, height: 844 } };
const PASSWORD = 'bốn từ không liên quan 47';
/** Pages of one kind are alike: so many of each are looked at. */
const OF_A_KIND = Number(process.env.OF_A_KIND ?? 2);
/** Not pages: files, and what ends a session. */
const SKIPPED = /\.(csv|pdf|wav|mp3|ogg|opus|vtt|png|jpg|svg|json|zip|mp4|txt|xml|geojson)$|\/(audio|clips|images|captions|files|events|metrics|download)\b|sign-out|^\/api\/|^\/screens\//;

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  headless: true,
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-dev-shm-usage'],
});

let passed = 0, failed = 0;

/** Whole words of the pages' word tables that are the other language's alone. */
function foreign(language) {
  const folder = join('src/web/views/staff/words');
  const texts = (tag) => readFileSync(join(folder, `${tag}.toml`), 'utf8').split('\n')
    .map((line) => line.match(/^\w+ = "(.*)"$/)?.[1]).filter(Boolean).map((text) => text.replace(/\\"/g, '"'));
  const own = new Set(texts(language));
  const other = texts(language === 'vi' ? 'en' : 'vi');
  // Sentences and labels of two words and more; names and short words may be the same thing in both languages.
  return other.filter((text) => !own.has(text) && text !== 'Tiếng Việt' && !text.includes('{') && /\s/.test(text) && text.length > 8);
}

/** An address without what tells one thing from another of its kind. */
function kind(address) {
  const url = new URL(address, base);
  const fixed = new Set(['staff', 'sites', 'stops', 'relics', 'tours', 'words', 'themes', 'kinds', 'ages', 'q', 'new', 'edit',
    'people', 'audit', 'collection', 'devices', 'screens', 'labels', 'publishing', 'numbers', 'review', 'account', 'plans',
    'pictures', 'versions', 'recordings', 'hearing', 'lexicon', 'work', 'api', 'theme', 'kind', 'age', 'notices', 'policy',
    'search', 'home', 'passages', 'routes', 'waiting', 'history']);
  const parts = url.pathname.split('/').map((part) => (part === '' || fixed.has(part) ? part : '*'));
  return `${parts.join('/')}?${[...url.searchParams.keys()].filter((key) => key !== 'lang').sort().join('&')}`;
}

/** The things that Tab must reach, and those it does. */
async function untabbed(page) {
  const wanted = await page.evaluate(() => {
    const shown = (it) => it.getClientRects().length > 0 && !it.closest('[inert]')
      && it.checkVisibility({ contentVisibilityAuto: true, visibilityProperty: true });
    const all = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, audio[controls]')]
      .filter((it) => shown(it) && !it.disabled && it.tabIndex >= 0 && it.type !== 'hidden');
    // Of a group of radio buttons Tab reaches one; the arrows reach the others.
    const groups = new Set();
    const once = all.filter((it) => {
      if (it.type !== 'radio') return true;
      const key = `${it.form?.action} ${it.name}`;
      const first = !groups.has(key);
      groups.add(key);
      return first;
    });
    once.forEach((it, at) => it.setAttribute('data-tab', it.type === 'radio' ? 'radio' : String(at)));
    document.activeElement?.blur();
    return once.filter((it) => it.type !== 'radio').length;
  });
  const seen = new Set();
  const limit = wanted * 3 + 60;
  if (wanted > 260) return [];
  for (let press = 0; press < limit && seen.size < wanted; press += 1) {
    await page.keyboard.press('Tab');
    const at = await page.evaluate(() => document.activeElement?.getAttribute('data-tab'));
    if (at && at !== 'radio') seen.add(at);
  }
  return page.evaluate((seen) => [...document.querySelectorAll('[data-tab]')]
    .filter((it) => it.dataset.tab !== 'radio' && !seen.includes(it.dataset.tab))
    .map((it) => it.outerHTML.slice(0, 120)), [...seen]);
}

/** What is wrong with the page as it stands. */
async function look(page, name, language, left) {
  const wrong = [];
  for (const [size, viewport] of Object.entries(SIZES)) {
    await page.setViewportSize(viewport);
    const sideways = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    if (sideways > 0) wrong.push(`scrolls sideways by ${sideways} px at ${viewport.width}`);
    if (process.env.PICTURES) await page.screenshot({ path: join(out, `${name}-${language}-${size}.png`), fullPage: true });
  }
  await page.setViewportSize(SIZES.desk);
  await page.evaluate(axe);
  const found = await page.evaluate(() => axe.run(document, { resultTypes: ['violations'] }));
  wrong.push(...found.violations.map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => n.target).join(' | ')}`));
  const text = await page.evaluate(() => document.body.innerText);
  wrong.push(...left.filter((words) => text.includes(words)).slice(0, 3).map((words) => `says “${words}”`));
  const lang = await page.getAttribute('html', 'lang');
  if (left.length > 0 && lang !== language) wrong.push(`is marked ${lang}, not ${language}`);
  wrong.push(...(await untabbed(page)).slice(0, 3).map((it) => `Tab does not reach ${it}`));
  return wrong;
}

/** Goes from page to page by their links, in one language. */
async function crawl(language, start, staff) {
  const context = await browser.newContext({ viewport: SIZES.desk, locale: language === 'vi' ? 'vi-VN' : 'en-GB' });
  const page = await context.newPage();
  const trouble = [];
  page.on('pageerror', (error) => trouble.push(`script error: ${error.message}`));
  page.on('response', (answer) => {
    // A guide that is not there in this language yet says so and offers the others: its page is looked at like any other.
    const said = !staff && answer.status() === 404 && answer.request().isNavigationRequest() && /\/stops\//.test(answer.url());
    if (answer.status() >= 400 && !said) trouble.push(`${answer.status()} ${answer.url()}`);
  });
  if (staff) {
    await page.goto(`${base}/staff/`);
    await page.fill('[name=login]', 'lan');
    await page.fill('[name=password]', PASSWORD);
    await page.keyboard.press('Enter');
    await page.locator('a[href="/staff/account"]').first().waitFor();
    await page.goto(`${base}/staff/account`);
    await page.selectOption('#language', language);
    await page.locator('#language').evaluate((select) => select.form.requestSubmit());
    await page.locator('.told.good').waitFor();
    await page.waitForLoadState();
  }
  const left = staff ? foreign(language) : [];
  const waiting = [start], known = new Set([start]), kinds = new Map();
  while (waiting.length > 0) {
    const address = waiting.shift();
    const of = kind(address);
    if ((kinds.get(of) ?? 0) >= OF_A_KIND) continue;
    kinds.set(of, (kinds.get(of) ?? 0) + 1);
    trouble.length = 0;
    let wrong = [];
    try {
      await page.goto(`${base}${address}`);
      const name = (of + (kinds.get(of) > 1 ? kinds.get(of) : '')).replace(/[^\w*]+/g, '-').replace(/\*/g, 'x');
      const links = await page.evaluate(() => [...document.querySelectorAll('a[href]:not([download])')]
        .map((a) => new URL(a.getAttribute('href'), document.baseURI).href));
      for (const link of links) {
        const url = new URL(link);
        const next = url.pathname + url.search;
        if (url.origin !== new URL(base).origin || SKIPPED.test(url.pathname) || known.has(next)) continue;
        if (url.pathname.startsWith('/staff') !== staff) continue;
        if (!staff && url.searchParams.has('lang') && url.searchParams.get('lang') !== language) continue;
        known.add(next);
        waiting.push(next);
      }
      wrong = await look(page, name, language, left);
    } catch (error) {
      wrong.push(error.message.split('\n')[0]);
    }
    wrong.push(...trouble);
    if (wrong.length === 0) {
      passed += 1;
      console.log(`ok   every page: ${language} ${address}`);
    } else {
      failed += 1;
      console.log(`FAIL every page: ${language} ${address}: ${wrong.join('; ')}`);
    }
  }
  await context.close();
}

await crawl('vi', '/staff/', true);
await crawl('en', '/staff/', true);
await crawl('vi', '/?lang=vi', false);
await crawl('en', '/?lang=en', false);
await browser.close();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
