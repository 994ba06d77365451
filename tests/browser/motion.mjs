// node motion.mjs URL -
// Tidied up, boxes glide for a fifth of a second and stand where the rule has them, as one step; not where motion is unwanted, by the system or
// by a choice in the page. Help leads to a page, by the pointer and by keys.
import { drawn, must, open, run, until } from './open.mjs';

const [url] = process.argv.slice(2);

await run(async (browser) => {
  must(url, 'usage: node motion.mjs URL -');
  for (const [options, moves] of [[{}, true], [{ reducedMotion: 'reduce' }, false]]) {
    const { page, context, troubles } = await open(browser, url, options);
    const card = page.locator('[data-card="0"]');
    const place = () => card.locator('.card').evaluate((box) => `${box.getAttribute('x')} ${box.getAttribute('y')}`);
    const left = () => card.locator('.card').evaluate((box) => box.getBoundingClientRect().x);
    const running = () => page.evaluate(() => document.getAnimations().filter((one) => one.effect.getTiming().duration > 0).map((one) => one.effect.getTiming().duration));
    /** Presses keys and says which animations run in the next frame, and how far the box is from its place then, in units of the drawing. */
    const frame = async (keys) => {
      await page.locator('#canvas').focus();
      await page.evaluate(() => {
        window.seen = new Promise((done) => {
          new MutationObserver((_, observer) => {
            observer.disconnect();
            requestAnimationFrame(() => requestAnimationFrame(() => done([
              document.getAnimations().map(({ effect }) => effect.getTiming().duration).filter((duration) => duration > 0),
              new DOMMatrix(getComputedStyle(document.querySelector('[data-card="0"]')).transform).e,
            ])));
          }).observe(document.querySelector('[data-card="0"] .card'), { attributeFilter: ['x', 'y'] });
        });
      });
      await page.keyboard.press(keys);
      return page.evaluate(() => window.seen);
    };
    await page.locator('#multi-primary-multi-network').click();
    await page.locator('#canvas').focus();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await drawn(page);
    const before = await place();
    for (let at = 0; at < 10; at++) await page.keyboard.press('Shift+ArrowRight');
    await drawn(page);
    const far = parseInt(await place(), 10) - parseInt(before, 10);
    must(far > 0, 'the box was put elsewhere');
    must((await running()).length === 0, 'what keys move stands there at once');
    const from = await left();

    const [durations, during] = await frame('Control+Alt+l');
    must((durations.length > 0) === moves, `glides: ${durations}`);
    must(durations.every((duration) => duration <= 200), `not for longer than 200 ms: ${durations}`);
    await until(async () => (await running()).length === 0, 'the boxes stand still');
    must(moves ? during > 0 && during <= far : during === 0, `on its way: ${during} of ${far}`);
    must((await place()) === before, 'where the rule has it');
    await page.waitForTimeout(300);
    must((await page.locator('#canvas.glide').count()) === 0, 'nothing glides that is dragged');
    // One step, back and forth.
    await frame('Control+z');
    await until(async () => (await running()).length === 0 && Math.abs((await left()) - from) < 1, 'taken back at once');

    // Chosen in the page, and remembered.
    if (moves) {
      await page.keyboard.press('?');
      await page.locator('#motion').uncheck();
      await page.keyboard.press('Escape');
      must((await frame('Control+y'))[0].length === 0, 'nothing moves');
      await page.waitForTimeout(400);
      await page.reload();
      await card.waitFor();
      await page.locator('html[data-motion=off]').waitFor({ state: 'attached' });
    }

    // Which of how many is said with what is selected.
    await page.locator('#canvas').focus();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.locator('.unseen', { hasText: '; 3 of 5' }).waitFor({ state: 'attached' });

    // The link in the help of a field: in the language of the page; F1 opens it, and Tab passes it by.
    const caret = page.locator('#context');
    await caret.focus();
    const link = page.locator('#context-help a');
    must((await link.getAttribute('href')) === 'https://istio.io/latest/docs/setup/install/multicluster/before-you-begin/', 'the page of the field');
    must((await link.getAttribute('rel')) === 'noreferrer', 'without telling from where');
    await context.route('https://istio.io/**', (route) => route.fulfill({ body: 'the page' }));
    const led = context.waitForEvent('page');
    await page.keyboard.press('F1');
    await (await led).waitForURL('https://istio.io/**');
    await caret.focus();
    await page.keyboard.press('Tab');
    must(!(await link.evaluate((link) => document.activeElement === link)), 'Tab goes on to the next field');
    await caret.focus();
    // A press on it opens it: the caret's leaving does not take it away.
    const opened = context.waitForEvent('page');
    await link.click();
    await (await opened).waitForURL('https://istio.io/**');
    must(troubles.length === 0, troubles.join('\n'));
    await context.close();
  }
  const { page } = await open(browser, `${url}?lang=zh`);
  await page.locator('#multi-primary').click();
  await page.locator('[role=treeitem][aria-level="3"] > .row').first().click();
  must((await page.locator('#context-help a').getAttribute('href')).startsWith('https://istio.io/latest/zh/docs/'), 'the Chinese page');
});
