// The whole way of one guide, from an empty workplace to a code on a wall, in the working house of tests/it: two people
// write, translate, mend, hear and publish it, and the printed code leads to its voice. FIRST is the link of the first
// administrator. Ends with the line `N passed, N failed`.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { base, browse, check, eventually, Journey, out, DESK, PASSWORD, PHONE, TABLET } from './journey.mjs';
import { readByJsQr, readByZbar, rendered, worn } from './codes.mjs';

const SITE = '/staff/sites/thap-banh-it';
const STOP = `${SITE}/stops/thap-chinh`;
const CODE = 'BI2';
/** What the house's translator writes for the year 1886, and its voice for a beam under a roof. */
const [YEAR, WRONG_YEAR] = ['1886', '1868'];
const [WORD, WRONG_WORD] = ['rafter', 'elephant'];
const folder = new URL('../../content/binh-dinh/sites/thap-banh-it/thap-chinh/', import.meta.url);
const written = readFileSync(new URL('stop.md', folder), 'utf8').split('\n+++\n')[1].trim();

const journey = new Journey('whole');
const browser = await browse();
const desk = { viewport: DESK, locale: 'vi-VN' };
const page = journey.watch(await (await browser.newContext(desk)).newPage());
const editor = journey.watch(await (await browser.newContext(desk)).newPage());

const step = (name, body, who = page) => journey.step(name, who, body);
const go = (address, who = page) => who.goto(`${base}${address}`);
const press = (name, who = page) => who.getByRole('button', { name, exact: true }).click();
const until = (what, argument, who = page) => who.waitForFunction(what, argument, { timeout: 8000 });
const hash = async (address) => createHash('sha256').update(await (await page.request.get(`${base}${address}`)).body()).digest('hex');
const enter = async (who, [name, login]) => {
  await who.fill('[name=name]', name);
  await who.fill('[name=login]', login);
  await who.fill('[name=password]', PASSWORD);
  await who.keyboard.press('Enter');
  await who.waitForURL(`${base}/staff/`);
};

await step('the first administrator comes by the link', async () => {
  await page.goto(process.env.FIRST);
  await enter(page, ['Nguyễn Thị Lan', 'lan']);
  await journey.look(page, 'home');
});

await step('an editor is invited, and comes by a link that works once', async () => {
  await go('/staff/people');
  await page.fill('[name=name]', 'Trần Văn Minh');
  await page.selectOption('[name=role]', 'editor');
  await press('Tạo đường dẫn');
  const link = await page.inputValue('#link');
  await editor.goto(link);
  await enter(editor, ['Trần Văn Minh', 'minh']);
  await page.goto(link);
  check((await page.locator('[role=alert]').innerText()).includes('đã dùng'), 'nobody comes by it a second time');
  await go('/staff/people');
  check((await page.locator('main').innerText()).includes('Trần Văn Minh'), 'the administrator sees the editor');
});

await step('the editor makes a stop and writes what it says', async () => {
  await go(SITE, editor);
  await editor.fill('#name', 'Tháp Chính');
  await editor.fill('#code', CODE);
  await press('Thêm điểm dừng', editor);
  await editor.waitForURL(new RegExp(`${STOP}(\\?|$)`));
  check(written.split(/\s+/).length > 250, 'it is a text of some length');
  await editor.fill('[name=title]', 'Tháp Chính, ngọn núi thiêng');
  await editor.fill('[name=body]', written);
  check((await editor.locator('button[value=approved]').count()) === 0, 'an editor does not approve');
  await press('Lưu bản nháp', editor);
  await editor.waitForURL(/done=draft/);
  await journey.look(editor, 'stop');
}, editor);

await step('the editor gives it a picture, and says what it shows', async () => {
  await go(`${STOP}/pictures`, editor);
  await editor.setInputFiles('[name=picture]', new URL('cover.png', folder).pathname);
  await editor.fill('section form [name="alt.vi"]', 'Cửa tháp Chính với mặt Kala');
  await editor.fill('section form [name="alt.en"]', 'The doorway of the Main Tower with a face of Kala');
  await press('Thêm ảnh', editor);
  await editor.waitForURL(/done=added/);
  check((await editor.locator('.gallery img').getAttribute('alt')) === 'Cửa tháp Chính với mặt Kala', 'the picture is described');
  await journey.look(editor, 'pictures');
}, editor);

await step('an approved text is translated', async () => {
  await go(STOP);
  check((await page.inputValue('[name=body]')).startsWith('Bạn đã lên tới đỉnh đồi'), 'it is the text of the editor');
  await press('Lưu và duyệt');
  await page.waitForURL(/done=saved/);
  const review = `a[href="${STOP}/review/en"]`;
  await eventually('a translation', async () => {
    await go(STOP);
    return (await page.locator(review).count()) === 1;
  });
  await page.locator(review).click();
  await page.locator('#s1 .said[lang=en]', { hasText: 'You have reached the top of the hill' }).waitFor();
});

await step('the wrong year is shown, and at a desk five sentences at once', async () => {
  const marked = await page.locator('.pair mark').allInnerTexts();
  check(marked.includes(YEAR) && marked.includes(WRONG_YEAR), `marked: ${marked}`);
  check((await page.locator('.pair .told.bad').count()) === 1, 'and nothing else is');
  await journey.look(page, 'review', [PHONE, TABLET, DESK]);
  await journey.picture(page, 'review', '.pair:has(mark)');
  await page.locator('#s1').evaluate((row) => row.scrollIntoView());
  const seen = await page.locator('.pair').evaluateAll((rows) => rows.filter((row) => {
    const box = row.getBoundingClientRect();
    return box.top >= 0 && box.bottom <= innerHeight;
  }).length);
  check(seen >= 5, `${seen} sentences`);
});

await step('the editor mends the year by keyboard', async () => {
  await go(`${STOP}/review/en`, editor);
  const id = await editor.locator('.pair:has(mark)').getAttribute('id');
  const words = await editor.locator(`#${id} .said[lang=en]`).innerText();
  for (let at = ''; at !== id;) {
    await editor.keyboard.press('j');
    at = await editor.evaluate(() => document.activeElement?.closest('.pair')?.id);
  }
  await editor.keyboard.press('e');
  await editor.keyboard.press('Control+a');
  await editor.keyboard.type(words.replace(WRONG_YEAR, YEAR));
  await editor.keyboard.press('Control+Enter');
  await until((one) => !document.querySelector(`#${one} mark`), id, editor);
  check((await editor.locator('.pair .told.bad').count()) === 0, 'nothing is found any more');
  check((await editor.locator('.approve').count()) === 0, 'an editor does not approve');
}, editor);

await step('every sentence is approved by keyboard, and with the last one the text', async () => {
  await go(`${STOP}/review/en`);
  const asked = () => page.locator('.pair.asked:not(.read)').count();
  await page.keyboard.press('j');
  for (let left = await asked(); left > 0; left -= 1) {
    await page.keyboard.press('n');
    await page.keyboard.press('a');
    await until((before) => document.querySelectorAll('.pair.asked:not(.read)').length < before, left);
  }
  await until(() => document.querySelector('#state').textContent.includes('Đã duyệt'));
  await journey.look(page, 'approved');
});

const HEARING = `${STOP}/hearing/en`;
const rows = page.locator('.heard');
/** The sentence with the word in it. */
const named = rows.filter({ has: page.locator('div:first-of-type .said', { hasText: WORD }) });
let clip = '';

await step('its sound is made, and the one that says a word wrong is held', async () => {
  const count = await page.locator('.pair').count() - 1;
  await eventually('a sound for every sentence', async () => {
    await go(HEARING);
    const waits = await page.locator('.heard h2 .tag', { hasText: /chưa/ }).count();
    return waits === 0 && (await page.locator('.heard > div > audio').count()) === count;
  });
  const held = page.locator('.heard', { has: page.locator('h2 .tag', { hasText: 'giữ lại: nghe ra không đúng' }) });
  check((await held.count()) === 1, `held: ${await held.count()}`);
  check((await held.locator('del').allInnerTexts()).join(' ').includes(WORD), 'what should be there is crossed out');
  check((await held.locator('ins').allInnerTexts()).join(' ').includes(WRONG_WORD), 'what was heard is underlined');
  await journey.look(page, 'hearing', [PHONE, TABLET, DESK]);
  await journey.picture(page, 'hearing', '.heard:has(del)');
});

await step('it is played, said otherwise on trial, and kept; the sound is another then', async () => {
  clip = await named.locator('div > audio').first().getAttribute('src');
  const before = await hash(clip);
  await named.focus();
  await page.keyboard.press('Space');
  await until((one) => document.querySelector(`audio[src="${one}"]`).currentTime > 0.2, clip);
  await named.locator('summary', { hasText: 'Đọc cách khác' }).click();
  const form = named.locator('form[action$="/word"]');
  await form.locator('[name=word]').fill(WORD);
  await form.locator('[name=said]').fill('raffter');
  await form.getByRole('button', { name: 'Nghe thử' }).click();
  await form.locator('audio').waitFor();
  await until((one) => document.querySelector(one)?.currentTime > 0.2, `#${await named.getAttribute('id')} form.saying audio`);
  await form.getByRole('button', { name: 'Lưu vào từ điển' }).click();
  await page.waitForURL(/done=word/);
  await eventually('another sound', async () => {
    await go(HEARING);
    return (await hash(clip)) !== before;
  });
  await eventually('a hearing of it', async () => {
    await go(HEARING);
    return (await named.locator('h2 .tag', { hasText: 'nghe đúng' }).count()) === 1;
  });
});

await step('what publishing changes is shown, and it is published', async () => {
  const guide = `${SITE}/publishing/thap-chinh/en`;
  await eventually('an edition that waits', async () => {
    await go(guide);
    return (await page.getByRole('button', { name: 'Xuất bản ngay' }).count()) === 1;
  });
  check((await page.locator('#changes ~ ul').innerText()).includes('Khách chưa nghe bản nào'), 'it is all new');
  await journey.look(page, 'guide');
  await journey.picture(page, 'guide');
  await press('Xuất bản ngay');
  await page.waitForURL(/done=published/);
});

await step('visitors hear it', async () => {
  const visitor = journey.watch(await (await browser.newContext({ viewport: PHONE, locale: 'en-GB' })).newPage());
  await go('/en/stops/thap-chinh', visitor);
  check((await visitor.locator('main').innerText()).includes(YEAR), 'they read the right year');
  const audio = visitor.locator('audio').first();
  const seconds = await audio.evaluate((sound) => new Promise((resolve, reject) => {
    sound.addEventListener('durationchange', () => resolve(sound.duration));
    sound.addEventListener('error', () => reject(new Error('the sound cannot be read')));
    sound.preload = 'metadata';
    sound.load();
  }));
  check(seconds > 30 && Number.isFinite(seconds), `${seconds} s`);
  await journey.look(visitor, 'public', [PHONE]);
  await visitor.context().close();
});

await step('its label is printed, and the code is read from a worn one by two readers', async () => {
  await go(`${SITE}/labels`);
  const others = page.locator('[name=stop]:checked');
  while ((await others.count()) > 0) await others.first().uncheck();
  await page.locator('[name=stop][value=thap-chinh]').check();
  await page.selectOption('[name=paper]', 'single');
  await journey.look(page, 'labels');
  await journey.picture(page, 'labels');
  const [download] = await Promise.all([page.waitForEvent('download'), press('Tạo tệp PDF')]);
  const pdf = join(out, 'whole-label.pdf');
  await download.saveAs(pdf);
  const clean = rendered(pdf);
  const at = readByJsQr(clean);
  check(at, 'jsQR reads the clean label');
  check(at.text === `${base}/q/${CODE}`, `it says ${at.text}`);
  check(readByZbar(clean) === at.text, `ZBar reads the clean label: ${readByZbar(clean)}`);
  for (const [x, y, colour] of [[0.5, 0.5, 'white'], [0.6, 0.4, 'black'], [0.25, 0.5, 'gray'], [0.5, 0.75, 'white']]) {
    const picture = worn(clean, at, { share: 0.15, blur: 0.3, x, y, colour });
    check(readByJsQr(picture)?.text === at.text, `jsQR reads ${picture}`);
    check(readByZbar(picture) === at.text, `ZBar reads ${picture}`);
  }
  const answer = await page.request.get(at.text);
  check(answer.ok() && answer.url().endsWith('/stops/thap-chinh#qr'), `it leads to ${answer.url()}`);
});

await browser.close();
journey.end();
