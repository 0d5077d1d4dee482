// What a journey through the workplace needs: a browser, steps that are counted, a look for barriers, waiting for work.
// BASE is the house, OUT the folder for pictures.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const base = process.env.BASE.replace(/\/$/, '');
export const out = process.env.OUT;
export const load = createRequire(join(out, 'package.json'));
const { chromium } = load('playwright-core');
const axe = readFileSync(load.resolve('axe-core/axe.min.js'), 'utf8');

export const DESK = { width: 1280, height: 900 };
export const TABLET = { width: 820, height: 1180 };
export const PHONE = { width: 390, height: 844 };
export const PASSWORD = 'bốn từ không liên quan 47';

export const check = (fact, message) => { if (!fact) throw new Error(message); };
export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** A browser of its own; `more` are further arguments for it. */
export const browse = (more = []) => chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  headless: true,
  args: ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-dev-shm-usage', ...more],
});

/** Asks again until the answer is one, for as long as the house may work on it. */
export async function eventually(what, ask, seconds = 60) {
  const until = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    check(Date.now() < until, `${what}: not within ${seconds} s`);
    await pause(500);
  }
}

/** A journey that counts its steps under a name. */
export class Journey {
  #name;
  #passed = 0;
  #failed = 0;
  #wrong = [];

  constructor(name) {
    this.#name = name;
  }

  /** What goes wrong on a page counts against the step at hand; a refusal (status 4xx) that a page shows does not. */
  watch(page) {
    page.on('pageerror', (error) => this.#wrong.push(`script error: ${error.message}`));
    page.on('console', (message) => { if (message.type() === 'error' && !/status of 4/.test(message.text())) this.#wrong.push(message.text()); });
    page.on('request', (request) => {
      if (!request.url().startsWith(base) && !/^(data|blob):/.test(request.url())) this.#wrong.push(`fetched ${request.url()}`);
    });
    return page;
  }

  /** One step, of which `page` is pictured if it fails. What builds on it will fail too. */
  async step(name, page, body) {
    this.#wrong.length = 0;
    try {
      await body();
      check(this.#wrong.length === 0, this.#wrong.join('; '));
      this.#passed += 1;
      console.log(`ok   ${this.#name}: ${name}`);
    } catch (error) {
      this.#failed += 1;
      console.log(`FAIL ${this.#name}: ${name}: ${error.message}`);
      await page.screenshot({ path: join(out, `failed-${this.#name}-${name.replace(/\W+/g, '-')}.png`), fullPage: true }).catch(() => {});
    }
  }

  /** No barrier that axe-core knows of and no sideways scrolling, with a picture at each size; the last size stays. */
  async look(page, name, sizes = [TABLET, DESK]) {
    for (const size of sizes) {
      await page.setViewportSize(size);
      const sideways = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      check(sideways <= 0, `${name} scrolls sideways by ${sideways} px at ${size.width}`);
      await page.screenshot({ path: join(out, `${this.#name}-${name}-${size.width}.png`), fullPage: true });
    }
    await page.evaluate(axe);
    const found = await page.evaluate(() => axe.run(document, { resultTypes: ['violations'] }));
    const told = found.violations.map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => `${n.target} ${n.failureSummary}`).join(' | ')}`);
    check(told.length === 0, `${name}: ${told.join('; ')}`);
  }

  /** A picture for the handbook: what a desk shows at once, from `place` on. */
  async picture(page, name, place = 'h1') {
    await page.setViewportSize(DESK);
    await page.locator(place).first().evaluate((one) => one.scrollIntoView({ block: 'center' }));
    await page.evaluate(() => document.activeElement?.blur());
    await page.screenshot({ path: join(out, `page-${name}.png`) });
  }

  /** Says how it went, and ends the program. */
  end() {
    console.log(`${this.#passed} passed, ${this.#failed} failed`);
    process.exit(this.#failed === 0 ? 0 : 1);
  }
}
