// Screens at the desk and in a bus: a timetable, a plan by form, the strip of the bus with and without a network, a notice,
// proof of play, a film. Signs in as `lan`, whom desk.mjs made. Ends with the line `N passed, N failed`.
import { createRequire } from 'node:module';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { eventually } from './journey.mjs';

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
// The screen is a machine of its own.
const bus = await browser.newContext({ viewport: { width: 1280, height: 720 } });
const screen = await bus.newPage();
const wrong = [];
for (const one of [page, screen]) {
  one.on('pageerror', (error) => wrong.push(`script error: ${error.message}`));
  one.on('request', (request) => {
    if (!request.url().startsWith(base) && !/^(data|blob):/.test(request.url())) wrong.push(`fetched ${request.url()}`);
  });
}
page.on('console', (message) => { if (message.type() === 'error' && !/status of 4/.test(message.text())) wrong.push(message.text()); });

async function step(name, body) {
  wrong.length = 0;
  try {
    await body();
    check(wrong.length === 0, wrong.join('; '));
    passed += 1;
    console.log(`ok   screens: ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`FAIL screens: ${name}: ${error.message}`);
    await page.screenshot({ path: join(out, `failed-screens-${name.replace(/\W+/g, '-')}.png`), fullPage: true }).catch(() => {});
  }
}

/** No barrier that axe-core knows of and no sideways scrolling, with a picture at each size. */
async function look(name) {
  for (const size of [TABLET, DESK]) {
    await page.setViewportSize(size);
    const sideways = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    check(sideways <= 0, `${name} scrolls sideways by ${sideways} px at ${size.width}`);
    await page.screenshot({ path: join(out, `screens-${name}-${size.width}.png`), fullPage: true });
  }
  await page.evaluate(axe);
  const found = await page.evaluate(() => axe.run(document, { resultTypes: ['violations'], iframes: false }));
  const told = found.violations.map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => `${n.target} ${n.failureSummary}`).join(' | ')}`);
  check(told.length === 0, `${name}: ${told.join('; ')}`);
}

/** A zip archive of plain texts, stored. */
function zip(files) {
  const parts = [], heads = [];
  let at = 0;
  for (const [name, text] of Object.entries(files)) {
    const title = Buffer.from(name), bytes = Buffer.from(text);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt32LE(crc32(bytes), 10);
    fields.writeUInt32LE(bytes.length, 14);
    fields.writeUInt32LE(bytes.length, 18);
    fields.writeUInt16LE(title.length, 22);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(at, 10);
    heads.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), fields, tail, title]));
    parts.push(Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), fields, title, bytes]));
    at += parts.at(-1).length;
  }
  const directory = Buffer.concat(heads), end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  end.writeUInt16LE(heads.length, 8);
  end.writeUInt16LE(heads.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, directory, end]);
}

// A bus every ten minutes, day and night, which is under way to the towers for most of each of them.
const archive = join(out, 'gtfs.zip');
writeFileSync(archive, zip({
  'stops.txt': 'stop_id,stop_name,stop_lat,stop_lon\na,Bến xe trung tâm,13.7500,109.2000\nb,Tháp Đôi,13.7860,109.2110\nc,Ga Diêu Trì,13.8060,109.1460\n',
  'routes.txt': 'route_id,route_short_name,route_long_name\nT1,T1,Quy Nhơn - Diêu Trì\n',
  'trips.txt': 'route_id,service_id,trip_id,trip_headsign\nT1,all,x,Diêu Trì\n',
  'stop_times.txt': 'trip_id,arrival_time,departure_time,stop_id,stop_sequence\nx,00:00:00,00:00:00,a,1\nx,00:30:00,00:30:00,b,2\nx,00:50:00,00:50:00,c,3\n',
  'calendar.txt': 'service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\nall,1,1,1,1,1,1,1,20200101,20991231\n',
  'frequencies.txt': 'trip_id,start_time,end_time,headway_secs\nx,00:00:00,24:00:00,600\n',
}));
const go = (address) => page.goto(`${base}${address}`);
const press = (name) => page.getByRole('button', { name, exact: true }).click();
let code = '';

await step('somebody signs in', async () => {
  await go('/staff/screens');
  await page.fill('[name=login]', 'lan');
  await page.fill('[name=password]', PASSWORD);
  await page.keyboard.press('Enter');
  await page.locator('h1', { hasText: 'Màn hình' }).waitFor();
});

await step('a timetable is put in', async () => {
  await go('/staff/screens/timetables');
  await page.fill('#name', 'quy-nhon');
  await page.setInputFiles('#archive', archive);
  await press('Đọc lịch chạy xe');
  await page.locator('[role=status]', { hasText: 'đọc trọn' }).waitFor();
  check((await page.locator('main').innerText()).includes('1 tuyến, 3 trạm, 144 chuyến'), 'what it holds is told');
  await look('timetables');
});

await step('a plan is made by form, and what is wrong is told with all that was typed', async () => {
  await go('/staff/screens/new');
  await page.fill('#plan-name', 'xe buýt 77B-012.34');
  await page.fill('#seconds', '0');
  await page.selectOption('#route', 'quy-nhon/T1');
  await press('Tạo màn hình');
  await page.locator('[role=alert]', { hasText: '0.1 đến 1800' }).waitFor();
  check(await page.inputValue('#plan-name') === 'xe buýt 77B-012.34', 'what was typed is kept');
  await look('new');
  await page.fill('#seconds', '1');
  await press('Tạo màn hình');
  await page.locator('[role=status]', { hasText: 'Đã thêm' }).waitFor();
  code = new URL(page.url()).pathname.split('/').pop();
  check((await page.locator('main').innerText()).includes('Trạm tới:'), 'where its bus is');
  const frame = page.frameLocator('iframe');
  await frame.locator('.slide.front .title').waitFor();
  await page.waitForTimeout(1500);
  await look('screen');
});

await step('the screen tells of the next stop, as staff are told, and shows what lies near it', async () => {
  await screen.goto(`${base}/screens/${code}`);
  await screen.locator('#bus li').first().waitFor();
  await screen.waitForFunction(() => Number(document.getElementById('screen').dataset.changes) >= 3);
  const next = await screen.locator('#bus li').first().evaluate((item) => item.firstChild.textContent);
  await page.reload();
  const told = (await page.locator('dl').innerText()).match(/Trạm tới: ([^.]+)\./)?.[1];
  check(told === next, `the screen says ${next}, the workplace says ${told}`);
  await screen.screenshot({ path: join(out, 'screens-bus-1280.png') });
  await screen.setViewportSize({ width: 720, height: 1280 });
  await screen.screenshot({ path: join(out, 'screens-bus-720.png') });
  await screen.setViewportSize({ width: 1280, height: 720 });
});

await step('without a network the bus goes on by its timetable', async () => {
  const held = async (path) => (await (await caches.open('screen-page')).match(path)) !== undefined;
  await eventually('the page is kept', () => screen.evaluate(held, `/screens/${code}`), 40);
  await bus.setOffline(true);
  await screen.reload();
  await screen.locator('#bus li').first().waitFor();
  await screen.waitForFunction(() => Number(document.getElementById('screen').dataset.changes) >= 3);
  await bus.setOffline(false);
});

await step('a notice covers everything, and is withdrawn', async () => {
  await go('/staff/screens');
  await page.fill('#text-vi', 'Bão số 9: tháp đóng cửa hôm nay.');
  await page.fill('#text-en', 'Storm: the towers are closed today.');
  await press('Phát thông báo');
  await page.locator('[role=status]', { hasText: 'Đã phát' }).waitFor();
  await look('notices');
  await screen.locator('#notice:not([hidden])').waitFor({ timeout: 40000 });
  check((await screen.locator('#notice p').count()) === 2, 'in both languages');
  await screen.screenshot({ path: join(out, 'screens-notice-1280.png') });
  await press('Rút lại');
  await page.locator('[role=status]', { hasText: 'Đã rút' }).waitFor();
  await screen.locator('#notice').waitFor({ state: 'hidden', timeout: 40000 });
});

await step('it is green by its own word, and its plays are told', async () => {
  await eventually('green', async () => /tag green/.test(await (await page.request.get(`${base}/staff/screens`)).text()), 90);
  await go('/staff/screens');
  await look('list');
  await go(`/staff/screens/${code}/plays`);
  check(await page.locator('tbody tr').count() > 0, 'what it showed');
  await look('plays');
});

await step('a slide comes as a film', async () => {
  await go(`/staff/screens/${code}`);
  await page.locator('summary', { hasText: 'Phim của từng hình' }).click();
  const [download] = await Promise.all([page.waitForEvent('download'), page.locator('.clips a').first().click()]);
  const film = readFileSync(await download.path());
  check(film.subarray(4, 8).toString() === 'ftyp' && film.length > 10000, `${film.length} bytes`);
});

await step('a screen is retired', async () => {
  await go(`/staff/screens/${code}`);
  await press('Thu hồi màn hình');
  await page.locator('[role=status]', { hasText: 'Đã thu hồi' }).waitFor();
  check((await (await context.request.get(`${base}/screens/${code}`)).status()) === 404, 'its page is gone');
});

console.log(`${passed} passed, ${failed} failed`);
await browser.close();
process.exit(failed ? 1 : 0);
