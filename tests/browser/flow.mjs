// A translation from what a machine wrote to what visitors hear, at a desk and on a tablet: reviewed by keyboard alone, a
// planted wrong year mended, approved, planned, published and taken back; and the work in sight. Signs in as `lan`, whom
// desk.mjs made. Ends with the line `N passed, N failed`.
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
const SITE = '/staff/sites/thap-doi';
const TEXT = `${SITE}/stops/chim-than-garuda/review/en`;
const GUIDE = `${SITE}/publishing/chim-than-garuda/en`;
const PUBLIC = '/en/stops/chim-than-garuda';

let passed = 0, failed = 0;
const check = (fact, message) => { if (!fact) throw new Error(message); };
const context = await browser.newContext({ viewport: DESK, locale: 'vi-VN' });
const page = await context.newPage();
const wrong = [];
page.on('pageerror', (error) => wrong.push(`script error: ${error.message}`));
page.on('console', (message) => { if (message.type() === 'error' && !/status of 4/.test(message.text())) wrong.push(message.text()); });
page.on('request', (request) => {
  if (!request.url().startsWith(base) && !/^(data|blob):/.test(request.url())) wrong.push(`fetched ${request.url()}`);
});

/** One step. A step that fails does not stop the others, but what builds on it will fail too. */
async function step(name, body) {
  wrong.length = 0;
  try {
    await body();
    check(wrong.length === 0, wrong.join('; '));
    passed += 1;
    console.log(`ok   flow: ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAIL flow: ${name}: ${error.message}`);
    await page.screenshot({ path: join(out, `failed-flow-${name.replace(/\W+/g, '-')}.png`) }).catch(() => {});
  }
}

/** No barrier that axe-core knows of and no sideways scrolling, with a picture at each size. */
async function look(name) {
  for (const size of [TABLET, DESK]) {
    await page.setViewportSize(size);
    const sideways = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    check(sideways <= 0, `${name} scrolls sideways by ${sideways} px at ${size.width}`);
    await page.screenshot({ path: join(out, `flow-${name}-${size.width}.png`), fullPage: true });
  }
  await page.evaluate(axe);
  const found = await page.evaluate(() => axe.run(document, { resultTypes: ['violations'] }));
  const told = found.violations.map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => `${n.target} ${n.failureSummary}`).join(' | ')}`);
  check(told.length === 0, `${name}: ${told.join('; ')}`);
}

const go = (address) => page.goto(`${base}${address}`);
const key = (name) => page.keyboard.press(name);
const press = (name) => page.getByRole('button', { name, exact: true }).click();
/** The sentence that has the keyboard. */
const at = () => page.evaluate(() => document.activeElement?.closest('.pair')?.id ?? '');
const until = (what, argument) => page.waitForFunction(what, argument, { timeout: 8000 });
const status = async (address) => (await page.request.get(`${base}${address}`)).status();

await step('somebody signs in, and the first page says what waits', async () => {
  await go('/staff/');
  await page.fill('[name=login]', 'lan');
  await page.fill('[name=password]', PASSWORD);
  await key('Enter');
  await page.locator('h1', { hasText: 'Xin chào' }).waitFor();
  await page.getByRole('link', { name: 'Xem lý do và làm lại' }).waitFor();
  await look('home');
});

await step('a publisher says that every sentence is read', async () => {
  await go(`${SITE}/review-rules`);
  await page.selectOption('[name="rule.en"]', 'every');
  await press('Lưu quy định');
  await page.waitForURL(/done=saved/);
  await look('rules');
});

await step('the list leads to the translation that waits', async () => {
  await go('/staff/review');
  await look('list');
  await page.locator(`main a[href="${TEXT}"]`).focus();
  await key('Enter');
  await page.waitForURL(`${base}${TEXT}`);
});

await step('the wrong year is shown where it stands, and mended by keyboard', async () => {
  const marked = await page.locator('.pair mark').allInnerTexts();
  check(marked.includes('1285') && marked.includes('1258'), `marked: ${marked}`);
  await key('?');
  check(await page.locator('#keys').evaluate((legend) => legend.open), 'the legend is open');
  await look('review');
  await key('?');
  await key('j');
  check((await at()) === 's0', `J leads to the title, not ${await at()}`);
  await key('n');
  check((await at()) === 's1', `N leads to the first sentence, not ${await at()}`);
  await key('a');
  await until(() => document.querySelector('#s1.read') && document.activeElement?.closest('.pair')?.id === 's2');
  await key('a');
  await page.locator('main > .told.bad').waitFor();
  check((await at()) === 's2', 'what is open is not approved');
  await key('e');
  await key('Control+a');
  await page.keyboard.type('This tower was built in 1285.');
  await key('Control+Enter');
  await until(() => !document.querySelector('#s2 mark') && document.querySelector('#s2 .said[lang=en]').textContent.includes('1285'));
  check((await at()) === 's2', `the keyboard stays at the sentence, not ${await at()}`);
});

await step('somebody says something about a sentence, and it is marked as done', async () => {
  await key('c');
  await page.keyboard.type('Đã so với bia.');
  await key('Control+Enter');
  await page.locator('#s2 .comment', { hasText: 'Đã so với bia.' }).waitFor();
  await look('comment');
  await page.locator('#s2').getByRole('button', { name: 'Đã xong' }).focus();
  await key('Enter');
  await page.locator('#s2 .comment.closed').waitFor({ state: 'attached' });
});

await step('the memory is asked for one sentence', async () => {
  await page.locator('#s3').focus();
  await key('m');
  await page.locator('#s3 .edit :is(.offers, .hint)').first().waitFor();
  await key('Escape');
});

await step('two who mend one sentence at once both keep their words', async () => {
  const other = await context.newPage();
  await other.goto(`${base}${TEXT}`);
  await page.locator('#s4').focus();
  await key('e');
  await key('Control+a');
  await page.keyboard.type('Please look up.');
  await key('Control+Enter');
  await until(() => document.querySelector('#s4 .said[lang=en]').textContent.trim() === 'Please look up.');
  await other.locator('#s4').focus();
  await other.keyboard.press('e');
  await other.keyboard.press('Control+a');
  await other.keyboard.type('Look at the top.');
  await other.keyboard.press('Control+Enter');
  await other.locator('main > .told.bad').waitFor();
  check((await other.locator('#s4 .said[lang=en]').innerText()) === 'Please look up.', 'theirs is shown');
  check((await other.inputValue('#s4 textarea[name=words]')) === 'Look at the top.', 'mine is kept');
  await other.close();
});

await step('every sentence is approved by keyboard, and with the last one the text', async () => {
  await page.locator('#s0').focus();
  for (let left = 3; left > 0; left -= 1) {
    await key('n');
    const one = await at();
    await key('a');
    await until((id) => document.querySelector(`#${id}.read`), one);
  }
  await until(() => document.querySelector('#state').textContent.includes('Đã duyệt'));
  await look('approved');
});

await step('the work is in sight, and changes while one looks', async () => {
  await go('/staff/work');
  await page.locator('#live', { hasText: 'Trang tự cập nhật' }).waitFor();
  await page.locator('#now', { hasText: 'thuyetminh models pull kokoro' }).waitFor();
  await look('work');
  const waiting = await page.locator('#now form[action$="/cancel"]').count();
  await page.request.post(`${base}${TEXT}/approve`, {
    headers: { origin: base }, form: { seen: 'x' }, maxRedirects: 0,
  });
  const failed = await page.locator('#now form[action$="/retry"]').first().getAttribute('action');
  const again = await page.request.post(`${base}${failed}`, { headers: { origin: base }, maxRedirects: 0 });
  check(again.status() === 303, `asked for again: ${again.status()}`);
  await until((n) => document.querySelectorAll('#now form[action$="/cancel"]').length === n, waiting + 1);
  check((await page.locator('#now form[action$="/retry"]').count()) === 0, 'nothing failed any more');
});

await step('what publishing changes is shown; it is planned, and the plan given up', async () => {
  check((await status(PUBLIC)) === 404 || !(await page.request.get(`${base}${PUBLIC}`).then((answer) => answer.text())).includes('<audio'), 'nothing is public yet');
  await go(GUIDE);
  await page.locator('#changes').waitFor();
  await look('guide');
  await page.fill('[name=at]', '2099-01-01T08:30');
  await press('Hẹn xuất bản');
  await page.waitForURL(/done=planned/);
  await go('/staff/');
  await page.locator('#planned').waitFor();
  await look('planned');
  await go(GUIDE);
  await press('Bỏ hẹn');
  await page.waitForURL(/done=unplanned/);
});

await step('it is published with one click, and taken back with one', async () => {
  await press('Xuất bản ngay');
  await page.waitForURL(/done=published/);
  check((await status(PUBLIC)) === 200, 'visitors reach it');
  await look('published');
  await press('Thu hồi');
  await page.waitForURL(/done=taken/);
  await page.locator('#history').waitFor();
  await go('/staff/collection');
  await page.locator('main table a, main .sites a').first().waitFor();
});

await step('the same without a script', async () => {
  const plain = await browser.newContext({ javaScriptEnabled: false, viewport: TABLET, storageState: await context.storageState() });
  const bare = await plain.newPage();
  await bare.goto(`${base}${TEXT}`);
  await bare.locator('#s4 .edit summary').click();
  await bare.fill('#s4 textarea[name=words]', 'Please look up to the top.');
  await bare.locator('#s4 .edit button.main').click();
  await bare.waitForURL(/done=saved#s4/);
  await bare.locator('#s4 .edit summary').click();
  await bare.locator('#s4 .memory a').click();
  await bare.waitForURL(/\/memory\/3$/);
  await bare.goBack();
  await bare.locator('#s4 .approve button').click();
  await bare.waitForURL(/done=read/);
  await bare.goto(`${base}/staff/work`);
  check((await bare.locator('#waiting').count()) === 1, 'the work is a page too');
  await plain.close();
});

await browser.close();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
