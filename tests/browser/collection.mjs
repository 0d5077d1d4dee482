// The collection at the desk and as visitors see it: a tour, pictures, a place on the map, a plan, words, many stops at once.
// Signs in as `lan`, whom desk.mjs made. Ends with the line `N passed, N failed`.
import { createRequire } from 'node:module';
import { readFileSync, writeFileSync } from 'node:fs';
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
const PHONE = { width: 390, height: 844 };
const PASSWORD = 'bốn từ không liên quan 47';
const SITE = '/staff/sites/thap-doi';

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
    console.log(`ok   collection: ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAIL collection: ${name}: ${error.message}`);
    await page.screenshot({ path: join(out, `failed-collection-${name.replace(/\W+/g, '-')}.png`) }).catch(() => {});
  }
}

/** No barrier that axe-core knows of and no sideways scrolling, with a picture at each size. */
async function look(name, sizes = [TABLET, DESK]) {
  for (const size of sizes) {
    await page.setViewportSize(size);
    const sideways = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    check(sideways <= 0, `${name} scrolls sideways by ${sideways} px at ${size.width}`);
    await page.screenshot({ path: join(out, `collection-${name}-${size.width}.png`), fullPage: true });
  }
  await page.evaluate(axe);
  const found = await page.evaluate(() => axe.run(document, { resultTypes: ['violations'] }));
  const told = found.violations.map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => `${n.target} ${n.failureSummary}`).join(' | ')}`);
  check(told.length === 0, `${name}: ${told.join('; ')}`);
  await page.setViewportSize(DESK);
}

const go = (address) => page.goto(`${base}${address}`);
const press = (name) => page.getByRole('button', { name, exact: true }).click();
const photograph = join(out, 'photograph.png');
// Drawn by the browser itself: a picture larger than any page shows.
await page.setContent('<canvas width="1600" height="1000"></canvas>');
writeFileSync(photograph, Buffer.from((await page.evaluate(() => {
  const paint = document.querySelector('canvas').getContext('2d');
  paint.fillStyle = '#f2dfbd'; paint.fillRect(0, 0, 1600, 1000);
  paint.fillStyle = '#c8623e'; paint.fillRect(400, 250, 300, 650); paint.fillRect(900, 350, 240, 550);
  return document.querySelector('canvas').toDataURL('image/png').split(',')[1];
})), 'base64'));

await step('somebody signs in', async () => {
  await go('/staff/collection');
  await page.fill('[name=login]', 'lan');
  await page.fill('[name=password]', PASSWORD);
  await page.keyboard.press('Enter');
  await page.locator('h1', { hasText: 'Bộ sưu tập' }).waitFor();
  await look('sites');
});

await step('a stop is found by what it says, without marks', async () => {
  await page.fill('main [name=q]', 'tam bia duoc tim thay');
  await page.keyboard.press('Enter');
  await page.waitForURL(/q=/);
  const found = await page.locator('main').innerText();
  check(/bia|Bia/.test(found) || found.includes('Không tìm thấy'), 'the search answers');
  await page.fill('main [name=q]', 'garuda');
  await page.keyboard.press('Enter');
  await page.locator('main table a', { hasText: 'Garuda' }).first().waitFor();
  await page.locator('summary', { hasText: 'Thu hẹp' }).click();
  await look('found');
});

await step('a tour is made, its stops moved by a press, and what is typed outlives a closed page', async () => {
  await go('/staff/tours/new');
  await page.fill('[name="name.vi"]', 'Quanh hai ngọn tháp');
  await page.fill('[name="name.en"]', 'Around the two towers');
  await page.fill('[name=slug]', 'quanh-hai-thap');
  await page.fill('[name=minutes]', '40');
  await page.fill('[name=metres]', '350');
  await page.fill('[name="stop.0.code"]', 'TD1');
  await page.fill('[name="stop.0.hint.vi"]', 'Bắt đầu ở cổng.');
  await page.fill('[name="stop.1.code"]', 'td2');
  await page.fill('[name="stop.1.hint.vi"]', 'Vòng ra sau tháp Bắc.');
  await page.check('[name=open]');
  await page.waitForTimeout(600);
  await go('/staff/tours/new');
  check((await page.inputValue('[name="name.vi"]')) === '', 'nothing was saved');
  await press('Lấy lại bản này');
  check((await page.inputValue('[name="stop.1.code"]')) === 'td2', 'what was typed came back');
  check(await page.isChecked('[name=open]'), 'the tick came back');
  await page.locator('[data-row]').nth(1).getByRole('button', { name: 'Lên trước' }).click();
  await press('Lưu');
  await page.waitForURL(/\/staff\/tours\/quanh-hai-thap\?done=saved/);
  check((await page.inputValue('[name="stop.0.code"]')) === 'TD2', 'the second stop is the first now');
  await look('tour-form');
  await go('/staff/tours/new');
  check((await page.getByRole('button', { name: 'Lấy lại bản này' }).count()) === 0, 'nothing unsaved is left');
  await go('/staff/tours');
  await look('tours');
});

await step('of two who change a tour both are shown', async () => {
  await go('/staff/tours/quanh-hai-thap');
  const other = await context.newPage();
  await other.goto(`${base}/staff/tours/quanh-hai-thap`);
  await other.fill('[name="name.vi"]', 'Một vòng quanh tháp');
  await other.getByRole('button', { name: 'Lưu', exact: true }).click();
  await other.waitForURL(/done=saved/);
  await other.close();
  await page.fill('[name=minutes]', '55');
  await press('Lưu');
  await page.locator('[role=alert]').waitFor();
  check((await page.locator('main').innerText()).includes('Một vòng quanh tháp'), 'theirs is shown');
  check((await page.inputValue('[name=minutes]')) === '55', 'mine is still there');
  await look('tour-conflict');
  await page.fill('[name="name.vi"]', 'Một vòng quanh tháp');
  await press('Lưu');
  await page.waitForURL(/done=saved/);
});

await step('a picture is added with its description, and one without is refused in words', async () => {
  await go(`${SITE}/stops/hai-ngon-thap/pictures`);
  await page.setInputFiles('[name=picture]', photograph);
  await page.fill('section form [name="alt.vi"]', 'Hai ngọn tháp gạch đứng cạnh nhau');
  await page.fill('section form [name=credit]', 'Nguyễn Thị Lan');
  await press('Thêm ảnh');
  await page.waitForURL(/done=added/);
  check((await page.locator('.gallery li').count()) === 2, 'two pictures');
  await look('pictures');
  await page.locator('.gallery li').nth(1).getByRole('button', { name: 'Đưa lên đầu' }).click();
  await page.waitForURL(/done=moved/);
  check((await page.locator('.gallery li').first().innerText()).includes('Hai ngọn tháp gạch'), 'it is the first now');
  await page.setInputFiles('[name=picture]', { name: 'x.svg', mimeType: 'image/png', buffer: Buffer.from('<svg/>') });
  await page.locator('section form [name="alt.vi"]').fill('Ảnh khác');
  await press('Thêm ảnh');
  check((await page.locator('[role=alert]').innerText()).includes('JPEG'), 'what to do is said');
  check((await page.locator('section form [name="alt.vi"]').inputValue()) === 'Ảnh khác', 'what was typed is still there');
});

await step('a place is pointed at on the map, and by keyboard', async () => {
  await go(`${SITE}/stops/chim-than-garuda/edit`);
  const map = page.locator('svg[data-pick]');
  await map.scrollIntoViewIfNeeded();
  const before = await page.inputValue('[name="place.latitude"]');
  const box = await map.boundingBox();
  await page.mouse.click(box.x + box.width * 0.7, box.y + box.height * 0.3);
  const after = await page.inputValue('[name="place.latitude"]');
  check(after !== before && Number(after) > Number(before), `${before} became ${after}`);
  await map.focus();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('+');
  await page.keyboard.press('Enter');
  check((await page.inputValue('[name="place.latitude"]')) !== after, 'the keyboard puts it elsewhere');
  await look('stop-form');
  await page.fill('[name="place.latitude"]', '13°47\'09"N');
  await page.fill('[name="place.longitude"]', '109,2110');
  await press('Lưu');
  await page.waitForURL(/done=saved/);
});

await step('a plan takes stops by pointer', async () => {
  await go(`${SITE}/plans`);
  await page.setInputFiles('[name=picture]', photograph);
  await page.fill('[name="name.vi"]', 'Khuôn viên');
  await press('Thêm sơ đồ');
  await page.waitForURL(/done=added/);
  await page.locator('[name=chosen][value=chim-than-garuda]').check();
  const plan = page.locator('svg[data-plan]');
  await plan.scrollIntoViewIfNeeded();
  const box = await plan.boundingBox();
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 4);
  check((await page.inputValue('[name="mark.chim-than-garuda.x"]')).startsWith('50'), 'the number is filled in');
  await press('Lưu');
  await page.waitForURL(/done=saved/);
  await look('plan');
  await go(`${SITE}/plans`);
  await look('plans');
});

await step('words are named, and many stops are changed at once', async () => {
  await go(SITE);
  await page.locator('[name=stop]').first().check();
  await page.locator('[name=stop]').nth(1).check();
  await page.locator('summary', { hasText: 'Sửa các điểm đã chọn' }).click();
  await page.fill('[name=word]', 'thap-gach');
  await press('Thêm chủ đề');
  await page.locator('.told.good').waitFor();
  await look('site');
  await go('/staff/words');
  await look('words');
  await page.getByRole('link', { name: 'thap-gach' }).click();
  await page.fill('[name="name.vi"]', 'Tháp gạch');
  await press('Lưu');
  await page.waitForURL(/\/staff\/words\?done=saved/);
  await page.getByRole('link', { name: 'thap-gach' }).click();
  await look('word');
});

await step('visitors walk the tour, with and without a script', async () => {
  await go('/vi/tours/quanh-hai-thap');
  await look('tour-visitors', [PHONE]);
  await page.locator('.begin a').click();
  await page.waitForURL(/\/vi\/stops\/chim-than-garuda\?tour=quanh-hai-thap/);
  await look('stop-on-tour', [PHONE]);
  await page.locator('.steps .next').click();
  await page.waitForURL(/\/vi\/stops\/hai-ngon-thap\?tour=quanh-hai-thap/);
  check((await page.locator('.figures img, .cover img').count()) >= 2, 'its pictures are shown');
  await go('/vi/sites/thap-doi');
  await look('site-visitors', [PHONE, DESK]);
  const map = page.locator('svg[data-map]');
  await map.focus();
  const whole = await map.getAttribute('viewBox');
  await page.keyboard.press('+');
  check((await map.getAttribute('viewBox')) !== whole, 'the map comes closer');
  const plain = await browser.newContext({ javaScriptEnabled: false, viewport: PHONE });
  const bare = await plain.newPage();
  await bare.goto(`${base}/vi/tours/quanh-hai-thap`);
  check((await bare.locator('.way a').count()) === 2 && (await bare.locator('svg a.pin').count()) === 2, 'stops as a list and on the map');
  await plain.close();
});

await browser.close();
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
