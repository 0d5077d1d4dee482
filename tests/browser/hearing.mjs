// How a guide is heard and said, at a desk, in the working house of tests/it: what was heard beside what was meant, a word and
// a sentence said otherwise, a person's own voice by Chromium's counterfeit microphone, and files of recordings. Signs in as
// `lan`, whom whole.mjs made. Ends with the line `N passed, N failed`.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { base, browse, check, eventually, Journey, out, DESK, PASSWORD, PHONE, TABLET } from './journey.mjs';

const STOPS = '/staff/sites/thap-banh-it/stops';
const HEARING = `${STOPS}/ngon-doi-bon-thap/hearing/en`;
const RECORDINGS = `${STOPS}/thap-yen-ngua/recordings`;
/** What the house's voice says for an English word. */
const [WORD, WRONG_WORD] = ['mandarin', 'telephone'];

const journey = new Journey('hearing');
const browser = await browse(['--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream']);
const context = await browser.newContext({ viewport: DESK, locale: 'vi-VN', permissions: ['microphone'] });
const page = journey.watch(await context.newPage());
const step = (name, body) => journey.step(name, page, body);
const go = (address) => page.goto(`${base}${address}`);
const until = (what, argument) => page.waitForFunction(what, argument, { timeout: 8000 });
const hash = async (address) => createHash('sha256').update(await (await page.request.get(`${base}${address}`)).body()).digest('hex');
/** The address of a sentence's sound. */
const clip = (ordinal) => `${HEARING}/clips/${ordinal}`;
const row = (ordinal) => page.locator(`#s${ordinal}`);
const opened = async (ordinal, name) => {
  const details = row(ordinal).locator('details', { has: page.locator('summary', { hasText: name }) });
  if (!(await details.evaluate((one) => one.open))) await details.locator('summary').click();
  return details;
};
const plays = (selector) => until((one) => document.querySelector(one)?.currentTime > 0.2, selector);
/** Another sound says the sentence, and it was heard. */
const remade = (ordinal, before) => eventually('another sound', async () => {
  if ((await hash(clip(ordinal))) === before) return false;
  await go(HEARING);
  return !/chưa/.test(await row(ordinal).locator('h2 .tag').innerText());
});
/** How long a sentence takes, in seconds. */
const length = async (ordinal) => {
  const [minutes, seconds] = (await row(ordinal).locator('.number').first().innerText()).split(':').map(Number);
  return minutes * 60 + seconds;
};
let held = '';

await step('somebody signs in, and every sentence has a sound', async () => {
  await go('/staff/');
  await page.fill('[name=login]', 'lan');
  await page.fill('[name=password]', PASSWORD);
  await page.keyboard.press('Enter');
  await page.locator('h1', { hasText: 'Xin chào' }).waitFor();
  await eventually('a sound for every sentence', async () => {
    await go(HEARING);
    const waits = await page.locator('.heard h2 .tag', { hasText: /chưa/ }).count();
    return waits === 0 && (await page.locator('.heard').count()) > 5;
  });
  await journey.look(page, 'guide', [PHONE, TABLET, DESK]);
});

await step('a sentence is played, and the word that is said is shown', async () => {
  await row(0).focus();
  await page.keyboard.press('Space');
  await plays('#s0 > div > audio');
  await page.locator('#s0 .word.now').waitFor();
  const last = row(0).locator('.words .word').last();
  await last.click();
  const at = Number(await last.getAttribute('data-at'));
  await until((from) => document.querySelector('#s0 > div > audio').currentTime >= from, at);
  check(at > 1, `the last word begins at ${at} s`);
  const words = (await row(0).locator('.words .word').allInnerTexts()).join(' ');
  check(words.includes('standing at the foot of a hill'), `the words are ${words}`);
});

await step('what was heard otherwise is marked', async () => {
  const wrong = page.locator('.heard', { has: page.locator('h2 .tag', { hasText: 'giữ lại' }) });
  check((await wrong.count()) === 1, `held: ${await wrong.count()}`);
  held = (await wrong.getAttribute('id')).slice(1);
  check((await wrong.locator('del').innerText()).includes(WORD), 'what should be there is crossed out');
  check((await wrong.locator('ins').innerText()).includes(WRONG_WORD), 'what was heard is underlined');
});

await step('a word that the lexicon has is told so, and what was typed is still there', async () => {
  const form = (await opened(0, 'Đọc cách khác')).locator('form[action$="/word"]');
  await form.locator('[name=word]').fill('Harivarman');
  await form.locator('[name=said]').fill('Harry Varman');
  await form.getByRole('button', { name: 'Lưu vào từ điển' }).click();
  await page.locator('[role=alert]', { hasText: '“Harivarman” đã có trong từ điển' }).waitFor();
  check((await page.inputValue('#s0 form[action$="/word"] [name=said]')) === 'Harry Varman', 'it is still there');
});

await step('a word is said otherwise: heard on trial, kept, and right then', async () => {
  await go(HEARING);
  const before = await hash(clip(held));
  const form = (await opened(held, 'Đọc cách khác')).locator('form[action$="/word"]');
  await form.locator('[name=word]').fill(WORD);
  await form.locator('[name=said]').fill('mandarrin');
  await form.getByRole('button', { name: 'Nghe thử' }).click();
  await plays(`#s${held} form[action$="/word"] audio`);
  await journey.look(page, 'word');
  check((await hash(clip(held))) === before, 'a trial changes nothing');
  await form.getByRole('button', { name: 'Lưu vào từ điển' }).click();
  await page.waitForURL(/done=word/);
  await remade(held, before);
  check((await row(held).locator('h2 .tag').innerText()) === 'nghe đúng', 'it is heard right');
});

await step('a sentence gets another voice, its own pace and a pause', async () => {
  const [before, usual] = [await hash(clip(7)), await length(7)];
  let form = (await opened(7, 'Đọc cách khác')).locator('form[action$="/manner"]');
  await form.locator('[name=voice]').selectOption('binh');
  await form.locator('[name=speed]').fill('70');
  await form.locator('[name=pause]').fill('1500');
  await form.getByRole('button', { name: 'Nghe thử' }).click();
  await plays('#s7 form[action$="/manner"] audio');
  await form.getByRole('button', { name: 'Lưu cách đọc này' }).click();
  await page.waitForURL(/done=manner/);
  await remade(7, before);
  check((await row(7).innerText()).includes('giọng binh'), 'the other voice says it');
  check((await length(7)) > usual * 1.2, `${await length(7)} s is no slower than ${usual} s`);
  form = (await opened(7, 'Đọc cách khác')).locator('form[action$="/manner"]');
  check((await form.locator('[name=pause]').inputValue()) === '1500', 'the pause is kept');
});

await step('one sentence is made anew while one waits', async () => {
  const before = await hash(clip(2));
  const others = await hash(clip(3));
  const details = await opened(2, 'Đọc cách khác');
  await details.getByRole('button', { name: 'Đọc lại câu này' }).click();
  await page.waitForURL(/done=remade/, { timeout: 30000 });
  check((await hash(clip(2))) !== before, 'it is another take');
  check((await hash(clip(3))) === others, 'the others stay');
});

/** Records for some seconds in a form that has the recorder. */
async function record(form, ms) {
  await form.getByRole('button', { name: 'Thu âm' }).click();
  await form.locator('meter').waitFor();
  await page.waitForTimeout(ms);
  await form.getByRole('button', { name: 'Dừng' }).click();
  await form.getByRole('button', { name: 'Thu lại' }).waitFor();
}

await step('a sentence in one’s own voice outlives a closed page, and is used', async () => {
  await go(HEARING);
  const before = await hash(clip(3));
  let form = (await opened(3, 'Tự đọc câu này')).locator('form[data-record]');
  await record(form, 2500);
  await go(HEARING);
  form = (await opened(3, 'Tự đọc câu này')).locator('form[data-record]');
  await form.locator('[data-told]', { hasText: 'chưa gửi' }).waitFor();
  await form.locator('audio').evaluate((audio) => audio.play());
  await plays('#s3 form[data-record] audio');
  await form.locator('[name=speaker]').fill('Nguyễn Thị Lan');
  await journey.look(page, 'own-voice', [PHONE, DESK]);
  await form.getByRole('button', { name: 'Dùng giọng này' }).click();
  await page.locator('[role=status]', { hasText: 'Câu này nay do người đọc' }).waitFor();
  await remade(3, before);
  check((await row(3).innerText()).includes('Nguyễn Thị Lan đọc'), 'the person is named');
});

await step('a file that is no recording is refused in words, and what was typed stays', async () => {
  const form = (await opened(4, 'Tự đọc câu này')).locator('form[data-record]');
  await form.locator('[name=speaker]').fill('Bà Sáu');
  await form.locator('[name=file]').setInputFiles({ name: 'loi.wav', mimeType: 'audio/wav', buffer: Buffer.from('Đây là chữ, không phải âm thanh.') });
  await form.getByRole('button', { name: 'Dùng giọng này' }).click();
  await form.locator('[data-told]', { hasText: 'Đây không phải âm thanh đọc được' }).waitFor();
  check((await form.locator('[name=speaker]').inputValue()) === 'Bà Sáu', 'the name is still there');
});

await step('the person’s sentence is taken back, and the house says it again', async () => {
  await go(HEARING);
  const spoken = await hash(clip(3));
  const details = await opened(3, 'Tự đọc câu này');
  await details.getByRole('button', { name: 'Rút bản thu' }).click();
  await page.waitForURL(/done=taken-back/);
  await remade(3, spoken);
  check(!(await row(3).innerText()).includes('Nguyễn Thị Lan đọc'), 'no person says it');
});

/** The house has written down what it heard in the recording at hand, which its page shows by itself. */
const heardLines = async () => {
  await page.locator('fieldset.spoken').first().waitFor({ timeout: 60000 });
  await page.locator('[data-in-work]').waitFor({ state: 'detached', timeout: 60000 });
};

await step('a whole narration is recorded here, and written down', async () => {
  await go(RECORDINGS);
  const form = page.locator('form[data-record]');
  await form.locator('[name=speaker]').fill('Bà Sáu');
  await record(form, 5000);
  await form.getByRole('button', { name: 'Nộp bản thu' }).click();
  await page.waitForURL(/\/staff\/recordings\/\d+/);
  await heardLines();
  check((await page.locator('fieldset.spoken textarea').first().inputValue()).includes('Bà tôi kể'), 'what the house heard');
});

await step('what is no recording is refused, and nothing typed is lost', async () => {
  await go(RECORDINGS);
  await page.fill('#speaker', 'Ông Tám');
  await page.fill('#note', 'CC BY 4.0, đồng ý ngày 3-5');
  await page.setInputFiles('#file', { name: 'ghi.mp3', mimeType: 'audio/mpeg', buffer: Buffer.from('%PDF-1.7 không phải tiếng') });
  await page.locator('form[data-upload]').getByRole('button', { name: 'Nộp' }).click();
  await page.locator('form[data-upload] [data-told]', { hasText: 'Đây không phải âm thanh đọc được' }).waitFor();
  check((await page.inputValue('#speaker')) === 'Ông Tám', 'the name is still there');
  check((await page.inputValue('#note')) === 'CC BY 4.0, đồng ý ngày 3-5', 'the note is still there');
});

await step('a WAV file is handed in, written down and corrected', async () => {
  const wav = join(out, 'hearing-told.wav');
  execFileSync('espeak-ng', ['-v', 'vi', '-s', '150', '-w', wav, 'Tháp Yên Ngựa nằm cạnh tháp Chính. Mái tháp cong như yên ngựa. Nhà nào trong làng cũng kể về nó.']);
  await page.setInputFiles('#file', wav);
  await page.locator('form[data-upload]').getByRole('button', { name: 'Nộp' }).click();
  await page.waitForURL(/\/staff\/recordings\/\d+\?done=added/);
  await heardLines();
  await page.locator('fieldset.spoken a.play').first().click();
  await plays('#sound');
  await page.locator('fieldset.spoken textarea').first().fill('Bà tôi kể rằng ngọn tháp này đã có từ xưa.');
  await journey.look(page, 'recording', [PHONE, TABLET, DESK]);
  await page.getByRole('button', { name: 'Tôi đã đọc soát các dòng này' }).click();
  await page.waitForURL(/done=read/);
  await page.locator('.tag.green', { hasText: 'mọi dòng đã được đọc soát' }).waitFor();
  check((await page.locator('fieldset.spoken .hint').first().innerText()).includes('Máy nghe được:'), 'what was heard stays beside it');
});

/** The visitors' page in Vietnamese. */
const told = async () => (await page.request.get(`${base}/vi/stops/thap-yen-ngua`)).text();

await step('that voice narrates in its language, and no other, until it is taken back', async () => {
  await page.getByRole('link', { name: 'Chọn giọng thuyết minh' }).click();
  const panel = (tag) => page.locator('form.panel', { has: page.locator(`input[name=language][value=${tag}]`) });
  check(await panel('vi').locator('input[type=radio]').first().isChecked(), 'the synthetic voice narrates');
  check((await panel('en').locator('input[type=radio]').count()) === 1, 'English has no recording to choose');
  await panel('vi').getByLabel(/hearing-told/).check();
  await panel('vi').getByRole('button', { name: 'Chọn' }).click();
  await page.waitForURL(/done=chosen/);
  await journey.look(page, 'who');
  await eventually('an edition in that voice', async () => {
    await go('/staff/sites/thap-banh-it/publishing/thap-yen-ngua/vi');
    return (await page.getByRole('button', { name: 'Xuất bản ngay' }).count()) === 1 && /^2 câu$/m.test(await page.locator('#changes ~ ul').innerText());
  });
  await page.getByRole('button', { name: 'Xuất bản ngay' }).click();
  await page.waitForURL(/done=published/);
  check((await told()).includes('Bà tôi kể rằng ngọn tháp này đã có từ xưa.'), 'visitors read what that voice says');
  await go(RECORDINGS);
  await panel('vi').locator('input[type=radio]').first().check();
  await panel('vi').getByRole('button', { name: 'Chọn' }).click();
  await page.waitForURL(/done=withdrawn/);
  check(!(await told()).includes('Bà tôi kể'), 'that voice is public no more');
});

await browser.close();
journey.end();
