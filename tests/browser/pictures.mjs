// Pictures of the workplace for docs/operation.md, of the working house after whole.mjs and hearing.mjs: what those did not
// picture themselves. They lie in OUT as page-NAME.png, 1280 wide.
import { base, browse, check, eventually, Journey, DESK, PASSWORD } from './journey.mjs';

const SITE = '/staff/sites/thap-banh-it';
const journey = new Journey('pictures');
const browser = await browse();
const page = journey.watch(await (await browser.newContext({ viewport: DESK, locale: 'vi-VN' })).newPage());
const screen = await (await browser.newContext({ viewport: DESK })).newPage();
const step = (name, body) => journey.step(name, page, body);
const go = (address) => page.goto(`${base}${address}`);

await step('home and a stop', async () => {
  await go('/staff/');
  await page.fill('[name=login]', 'lan');
  await page.fill('[name=password]', PASSWORD);
  await page.keyboard.press('Enter');
  await page.locator('h1', { hasText: 'Xin chào' }).waitFor();
  await journey.picture(page, 'home');
  await go(`${SITE}/stops/thap-chinh`);
  await journey.picture(page, 'stop');
  await go(`${SITE}/publishing?show=all`);
  await journey.picture(page, 'publishing');
});

await step('numbers, of hearings that are told as a page tells them', async () => {
  for (let n = 0; n < 90; n += 1) {
    const told = { stop: 'thap-chinh', language: 'en', source: n % 3 === 0 ? 'link' : 'qr' };
    for (const heard of [undefined, n % 4 === 0 ? ((n * 7) % 10) / 10 : 1]) {
      const answer = await page.request.post(`${base}/api/v1/listens`, { data: { ...told, heard } });
      check(answer.status() === 204, `${answer.status()}`);
    }
  }
  await go(`${SITE}/numbers`);
  await journey.picture(page, 'numbers');
});

await step('screens, one of which plays', async () => {
  for (const name of ['xe buýt 77B-012.34', 'sảnh bảo tàng']) {
    await go('/staff/screens/new');
    await page.fill('#plan-name', name);
    await page.fill('#seconds', '2');
    await page.getByRole('button', { name: 'Tạo màn hình', exact: true }).click();
    await page.locator('[role=status]', { hasText: 'Đã thêm' }).waitFor();
  }
  const code = new URL(page.url()).pathname.split('/').pop();
  await screen.goto(`${base}/screens/${code}`);
  await eventually('green', async () => /tag green/.test(await (await page.request.get(`${base}/staff/screens`)).text()), 90);
  await go('/staff/screens');
  await journey.picture(page, 'screens');
});

await browser.close();
journey.end();
