// node walk.mjs URL OUTPUT.pdf
// Plays the plan forwards and backwards, by buttons, by keys and by itself, and prints the steps.
import { readFile, writeFile } from 'node:fs/promises';
import { must, open, run } from './open.mjs';

const [url, output] = process.argv.slice(2);

await run(async (browser) => {
  must(url && output, 'usage: node walk.mjs URL OUTPUT.pdf');
  const { page, troubles } = await open(browser, url);
  const walk = page.locator('#walk');
  const at = (words) => walk.filter({ hasText: words }).waitFor();
  await page.locator('#primary-remote-multi-network').click();
  await page.locator('#plan', { hasText: 'about' }).waitFor();

  // Forwards: what is to come is faint, what the step makes stands out, and its commands are there.
  await page.locator('#walkthrough').click();
  await at('Step 1 of');
  must((await page.locator('g.later').count()) > 3, 'what is to come is faint');
  const count = Number((await walk.locator('b').textContent()).match(/of (\d+)/)[1]);
  await page.keyboard.press('PageDown');
  await at('Step 2 of');
  await page.locator('#canvas').focus();
  await page.keyboard.press(']');
  await at('cluster1/istiod');
  await page.locator('[data-card="0"] [data-part="istiod"].now').waitFor();
  await page.locator('.step.now', { hasText: 'istioctl install' }).waitFor();
  await page.locator('.step.now', { hasText: 'critical path' }).waitFor();

  // The remote secret makes an arrow; every step can be reached, and the last has no next.
  for (let step = 4; step <= count; step++) {
    await page.keyboard.press('PageDown');
    await at(`Step ${step} of`);
    if ((await walk.textContent()).includes('cluster1/secret/cluster2')) await page.locator('[data-arrow="reads-0-1"].now').first().waitFor({ state: 'attached' });
  }
  must((await page.locator('g.later').count()) === 0, 'at the end all is there');
  await page.keyboard.press('PageDown');
  await at(`Step ${count} of`);

  // Backwards, and out.
  await page.keyboard.press('PageUp');
  await at(`Step ${count - 1} of`);
  must((await page.locator('.step').count()) === count, 'the list has every step');
  await page.keyboard.press('Escape');
  await walk.waitFor({ state: 'detached' });
  must((await page.locator('g.later, g.now').count()) === 0, 'the drawing is as it was');

  // By itself, until somebody stops it; an edit ends it.
  await page.keyboard.press('w');
  await at('Step 1 of');
  await page.locator('#walk-play').click();
  await at('Step 2 of');
  await page.locator('#walk-play', { hasText: 'Pause' }).click();
  await page.keyboard.press('c');
  await walk.waitFor({ state: 'detached' });
  await page.keyboard.press('Control+z');

  // On paper: a box to check for every step, with its commands, and nothing of the screen around it.
  await page.evaluate(() => { window.print = () => { document.title = 'printed'; }; });
  await page.keyboard.press('Control+p');
  await page.waitForFunction(() => document.title === 'printed');
  await page.emulateMedia({ media: 'print' });
  must(!(await page.locator('#canvas').isVisible()), 'the canvas is not printed');
  must(await page.locator('.typed').first().isVisible(), 'commands are printed unfolded');
  await writeFile(output, await page.pdf({ format: 'A4' }));
  must((await readFile(output)).length > 10_000, 'there is something on the paper');

  must(troubles.length === 0, troubles.join('\n'));
});
