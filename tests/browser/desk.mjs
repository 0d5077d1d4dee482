// The workplace in a real browser, at a desk and on a tablet: from the first link to a narration that two people wrote at
// once. FIRST is the link `serve` prints on an empty store. Ends with the line `N passed, N failed`.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const base = process.env.BASE.replace(/\/$/, '');
const out = process.env.OUT;
const load = createRequire(join(out, 'package.json'));
const { chromium } = load('playwright-core');
const axe = readFileSync(load.resolve('axe-core/axe.min.js'), 'utf8');

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  headless: true,
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-dev-shm-usage'],
});
const DESK = { width: 1280, height: 900 };
const TABLET = { width: 820, height: 1180 };
const PASSWORD = 'bốn từ không liên quan 47';

let passed = 0, failed = 0;
const check = (fact, message) => { if (!fact) throw new Error(message); };
const context = await browser.newContext({ viewport: DESK, locale: 'vi-VN' });
const page = await context.newPage();
const wrong = [];
page.on('pageerror', (error) => wrong.push(`script error: ${error.message}`));
page.on('request', (request) => {
  if (!request.url().startsWith(base) && !/^(data|blob):/.test(request.url())) wrong.push(`fetched ${request.url()}`);
});

/** One step of the journey. A step that fails does not stop the others, but what builds on it will fail too. */
async function step(name, body) {
  wrong.length = 0;
  try {
    await body();
    check(wrong.length === 0, wrong.join('; '));
    passed += 1;
    console.log(`ok   desk: ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAIL desk: ${name}: ${error.message}`);
    await page.screenshot({ path: join(out, `failed-desk-${name.replace(/\W+/g, '-')}.png`) }).catch(() => {});
  }
}

/** No barrier that axe-core knows of and no sideways scrolling, at a desk and on a tablet, with pictures of both. */
async function look(name) {
  for (const size of [TABLET, DESK]) {
    await page.setViewportSize(size);
    const sideways = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    check(sideways <= 0, `${name} scrolls sideways by ${sideways} px at ${size.width}`);
    await page.screenshot({ path: join(out, `desk-${name}-${size.width}.png`), fullPage: true });
  }
  await page.evaluate(axe);
  const found = await page.evaluate(() => axe.run(document, { resultTypes: ['violations'] }));
  const told = found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target).join(' | ')}`);
  check(told.length === 0, `${name}: ${told.join('; ')}`);
}

const go = (address) => page.goto(`${base}${address}`);
const press = (name) => page.getByRole('button', { name, exact: true }).click();
const heading = () => page.locator('h1').innerText();
let stop = '';

await step('the first administrator is made by the link', async () => {
  await page.goto(process.env.FIRST);
  await look('first');
  await page.fill('[name=name]', 'Nguyễn Thị Lan');
  await page.fill('[name=login]', 'lan');
  await page.fill('[name=password]', PASSWORD);
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/staff\/(sign-in)?/);
  if (page.url().includes('sign-in')) {
    await page.fill('[name=login]', 'lan');
    await page.fill('[name=password]', PASSWORD);
    await page.keyboard.press('Enter');
  }
  await page.waitForURL(`${base}/staff/`);
  await look('home');
});

await step('a stop is added by keyboard alone', async () => {
  await go('/staff/collection');
  await look('collection');
  await page.locator('main table a').first().focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/staff\/sites\//);
  await look('site');
  await page.locator('[name=name]').focus();
  await page.keyboard.type('Bia mới tìm thấy');
  await page.keyboard.press('Tab');
  await page.keyboard.type(`BM${Date.now() % 100000}`);
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/stops\/bia-moi-tim-thay/);
  stop = new URL(page.url()).pathname;
  check((await heading()) === 'Bia mới tìm thấy', 'the new stop is shown');
});

await step('what is typed outlives a closed page', async () => {
  await page.fill('[name=title]', 'Tấm bia');
  await page.fill('[name=body]', 'Tấm bia được tìm thấy năm 1471.');
  await page.waitForTimeout(600);
  await go(stop);
  check((await page.inputValue('[name=body]')) === '', 'nothing was saved');
  await press('Lấy lại bản này');
  check((await page.inputValue('[name=body]')).includes('1471'), 'what was typed came back');
});

await step('a narration is saved, and its versions can be compared', async () => {
  await press('Lưu bản nháp');
  await page.waitForURL(/done=draft/);
  check((await page.getByRole('button', { name: 'Lấy lại bản này' }).count()) === 0, 'nothing unsaved is left');
  await page.fill('[name=body]', 'Tấm bia được tìm thấy năm 1417.\n\nChữ trên bia là chữ Phạn.');
  await press('Lưu và duyệt');
  await page.waitForURL(/done=saved/);
  await look('stop');
  await page.getByRole('link', { name: '1', exact: true }).click();
  check((await page.locator('del').allInnerTexts()).join('').includes('1471'), 'what went is crossed out');
  check((await page.locator('ins').allInnerTexts()).join('').includes('1417'), 'what came is underlined');
  await look('version');
});

await step('two who write at once both keep their words', async () => {
  await go(stop);
  const other = await context.newPage();
  await other.goto(`${base}${stop}`);
  await other.fill('[name=body]', 'Câu của người thứ nhất.');
  await other.getByRole('button', { name: 'Lưu bản nháp', exact: true }).click();
  await other.waitForURL(/done=draft/);
  await other.close();
  await page.fill('[name=body]', 'Câu của người thứ hai.');
  await press('Lưu bản nháp');
  await page.locator('[role=alert]').waitFor();
  const text = await page.locator('main').innerText();
  check(text.includes('Câu của người thứ nhất.'), 'theirs is shown');
  check((await page.inputValue('[name=body]')) === 'Câu của người thứ hai.', 'mine is still in the form');
  await look('conflict');
  await press('Lưu bản nháp');
  await page.waitForURL(/done=draft/);
});

await step('markup is refused in words, and nothing typed is lost', async () => {
  await page.fill('[name=body]', '# Đề mục');
  await press('Lưu bản nháp');
  check((await page.locator('[role=alert]').innerText()).includes('Dòng 1'), 'the line is named');
  check((await page.inputValue('[name=body]')) === '# Đề mục', 'the text is still there');
});

await step('the other pages of the workplace bear a look', async () => {
  const site = stop.split('/stops/')[0];
  const pages = {
    people: '/staff/people', account: '/staff/account', audit: '/staff/audit', devices: '/staff/devices',
    review: '/staff/review', labels: `${site}/labels`, publishing: `${site}/publishing`, numbers: `${site}/numbers`,
    'site-form': `${site}/edit`, 'stop-form': `${stop}/edit`, 'new-site': '/staff/collection/new',
    'review-en': '/staff/sites/thap-doi/stops/hai-ngon-thap/review/en',
  };
  const barriers = [];
  for (const [name, address] of Object.entries(pages)) {
    const answer = await go(address);
    check(answer.status() < 500, `${name}: ${answer.status()}`);
    await look(name).catch((error) => barriers.push(error.message));
  }
  check(barriers.length === 0, barriers.join('; '));
});

await browser.close();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
