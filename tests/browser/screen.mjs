// A screen through 200 slide changes, with the network cut half of the time: no blank frame, memory flat.
// SCREEN is the address of a screen with short slides: `seconds = 0.2`. Ends with the line `N passed, N failed`.
import { createRequire } from 'node:module';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

const address = process.env.SCREEN, out = process.env.OUT, CHANGES = Number(process.env.CHANGES ?? 200);
const { chromium } = createRequire(join(out, 'package.json'))('playwright-core');
mkdirSync(out, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', headless: true,
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--js-flags=--expose-gc'],
});
const context = await browser.newContext({ viewport: { width: 1280, height: 720 } });
const page = await context.newPage();
let failed = 0, passed = 0;
const say = (fact, text) => { console.log(`${fact ? 'ok' : 'FAILED'} ${text}`); fact ? passed++ : failed++; };
const faults = [];
page.on('pageerror', (error) => faults.push(error.message));

/** Looks at every frame: one stage is seen, it has words, and a picture that is drawn or a layout without one. */
const watch = () => page.evaluate(() => {
  window.blank = []; window.frames = 0; window.plain = 0;
  const root = document.getElementById('screen');
  const look = () => {
    const seen = [...root.querySelectorAll('.slide')].filter((one) => getComputedStyle(one).visibility === 'visible');
    const picture = seen[0]?.querySelector('img');
    const drawn = seen[0]?.classList.contains('plain') || (picture.complete && picture.naturalWidth > 0);
    if (seen[0]?.classList.contains('plain')) window.plain += 1;
    if (seen.length !== 1 || !seen[0].querySelector('.title').textContent || !drawn) window.blank.push(root.dataset.changes);
    window.frames += 1;
    requestAnimationFrame(look);
  };
  look();
});
const changes = () => page.evaluate(() => Number(document.getElementById('screen').dataset.changes));
const until = (count) => page.waitForFunction((n) => Number(document.getElementById('screen').dataset.changes) >= n, count, { timeout: 120000 });
const heap = async (session) => {
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  const { nodes } = await session.send('Memory.getDOMCounters');
  return { usedSize, nodes };
};

await page.goto(address);
await until(3);
const files = await page.evaluate(async () => {
  const key = Object.keys(localStorage).find((name) => name.startsWith('playlist-'));
  return new Set(JSON.parse(localStorage[key]).list.slides.map((slide) => slide.picture).filter(Boolean)).size;
});
const held = async ({ files, path }) =>
  (await (await caches.open('screen-files')).keys()).length >= files && (await (await caches.open('screen-page')).match(path)) !== undefined;
// A promise counts as true for waitForFunction: its answer is asked for here.
for (let tries = 0; !(await page.evaluate(held, { files, path: new URL(address).pathname })); tries += 1) {
  if (tries === 120) throw new Error('page and pictures are not kept within 30 s');
  await page.waitForTimeout(250);
}
await watch();
const session = await context.newCDPSession(page);
await until(20);
const early = await heap(session);
const first = await changes();
const STEP = Math.ceil(CHANGES / 8);
for (let part = 1; part <= 8; part++) {
  // Every other eighth has no network.
  await context.setOffline(part % 2 === 1);
  await until(first + part * STEP);
  if (part === 1 || part === 2) await page.screenshot({ path: join(out, `screen-${part === 1 ? 'offline' : 'online'}.png`) });
}
const late = await heap(session);
const { blank, frames, plain } = await page.evaluate(() => ({ blank: window.blank, frames: window.frames, plain: window.plain }));
say((await changes()) - first >= CHANGES, `${(await changes()) - first} changes`);
say(blank.length === 0 && frames >= CHANGES, `${frames} frames, ${blank.length} blank, ${plain} without a picture`);
say(late.usedSize - early.usedSize < 512 * 1024, `heap ${early.usedSize} then ${late.usedSize}`);
say(late.nodes <= early.nodes + 20, `nodes ${early.nodes} then ${late.nodes}`);

await context.setOffline(true);
await page.reload({ timeout: 20000 });
await until(4);
await watch();
await until(12);
say((await page.evaluate(() => window.blank.length + window.plain)) === 0, 'loaded anew without a network, it plays with its pictures');
await page.setViewportSize({ width: 390, height: 844 });
await page.screenshot({ path: join(out, 'screen-390.png') });
say(faults.length === 0, `no script failed ${faults.join(' ')}`);
console.log(`${passed} passed, ${failed} failed`);
await browser.close();
process.exit(failed ? 1 : 0);
