// node undo.mjs URL OUTPUT.yaml
// Does 200 random things by keys (the same ones every time), takes all of them back and does them again: the saved bytes and what
// stands on the canvas are the same each time. Then takes the tour.
import { readFile } from 'node:fs/promises';
import { must, open, run } from './open.mjs';

const [url, output] = process.argv.slice(2);
const COMMANDS = 200;
/** Keys that draw and change, each as often as it should come. */
const KEYS = 'n c c c c m m M p g G Delete ArrowRight ArrowDown Shift+ArrowLeft Control+d Control+a Tab Tab Tab Tab Shift+Tab Shift+Tab Alt+ArrowLeft Escape Control+x Control+v Control+v Control+Alt+l'.split(' ');

await run(async (browser) => {
  must(url && output, 'usage: node undo.mjs URL OUTPUT.yaml');
  const { page, context, troubles } = await open(browser, url);
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  let seed = 11;
  const roll = (sides) => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return (seed >>> 16) % sides;
  };
  const canvas = page.locator('#canvas');
  /** What is saved, and what is seen while nothing is selected. */
  const state = async () => {
    await canvas.focus();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    const download = page.waitForEvent('download');
    await page.keyboard.press('Control+s');
    await (await download).saveAs(output);
    const seen = await page.locator('#world').evaluate((world) => world.innerHTML);
    return { bytes: await readFile(output, 'utf8'), seen };
  };
  const same = (a, b, when) => {
    must(a.bytes === b.bytes, `${when}: the saved bytes differ`);
    must(a.seen === b.seen, `${when}: the canvas differs`);
  };
  /** Goes through the history to its end; returns how many steps that took. */
  const travel = async (key, word) => {
    const button = page.locator(`.top button[aria-label^="${word}"]`);
    let steps = 0;
    for (; !(await button.isDisabled()); steps++) {
      must(steps < 2 * COMMANDS, `${word} comes to no end`);
      await page.keyboard.press(key);
      // The button tells the end once it is drawn anew.
      await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
    }
    return steps;
  };

  await page.locator('#multi-primary-multi-network').click();
  await page.locator('[data-card="1"]').waitFor();
  const first = await state();
  for (let i = 0; i < COMMANDS; i++) {
    await canvas.focus();
    await page.keyboard.press(KEYS[roll(KEYS.length)]);
    // Drawings of some size are enough.
    if ((await page.locator('[data-card]').count()) > 9) {
      await page.keyboard.press('Control+a');
      await page.keyboard.press('Delete');
    }
  }
  const last = await state();
  must(last.bytes !== first.bytes, 'something was drawn');
  const undone = await travel('Control+z', 'Undo');
  must(undone > 50, `there was something to take back: ${undone}`);
  same(await state(), first, 'after undo');
  must((await travel('Control+Shift+z', 'Redo')) === undone, 'redo has as many steps');
  same(await state(), last, 'after redo');

  // The tour: six steps, to be left and begun anew.
  await page.keyboard.press('Control+k');
  await page.keyboard.type('take the tour');
  await page.keyboard.press('Enter');
  for (let step = 1; step <= 6; step++) {
    await page.locator('#tour .note', { hasText: `${step} / 6` }).waitFor();
    await page.locator('#tour-next').click();
  }
  await page.locator('#tour').waitFor({ state: 'detached' });
  await page.locator('.tabs').waitFor();
  must(troubles.length === 0, troubles.join('\n'));
});
