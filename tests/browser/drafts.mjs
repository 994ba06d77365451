// node drafts.mjs URL FOLDER
// Drawings that the browser keeps: several, by name, deleted and brought back; a page that crashes loses nothing; of two pages with one
// drawing the second looks on, until it takes over or the first one goes.
import { join } from 'node:path';
import { must, open, run, until } from './open.mjs';

const [url, folder] = process.argv.slice(2);

await run(async (browser) => {
  must(url && folder, 'usage: node drafts.mjs URL FOLDER');
  const { page, context, troubles } = await open(browser, url);
  const clusters = (on) => on.locator('[data-card]');
  const named = (on, name) => on.locator('.doc', { hasText: name }).waitFor();
  const rename = async (on, name) => {
    await on.locator('[role=treeitem][aria-level="1"] > .row').first().click();
    await on.locator('#name').fill(name);
    await on.locator('#name').press('Enter');
  };

  // A template that was only looked at gives its place to the next; what was changed stays.
  await page.locator('#multi-primary').click();
  await page.locator('#templates').click();
  await page.locator('#external-two-remotes').click();
  await rename(page, 'first');
  await page.locator('#templates').click();
  await page.locator('#multi-primary').click();
  await rename(page, 'second');
  await page.locator('#templates').click();
  const rows = (count) => until(async () => (await page.locator('li.draft').count()) === count, `${count} drawings are kept`);
  await rows(2);
  await page.screenshot({ path: join(folder, 'drafts.png'), fullPage: true });

  // Opened, named anew, deleted, brought back.
  await page.getByRole('textbox', { name: 'Name of first' }).fill('eldest');
  await page.getByRole('textbox', { name: 'Name of first' }).press('Enter');
  await page.getByRole('button', { name: 'Delete second' }).click();
  await rows(1);
  await page.locator('#restore').click();
  await rows(2);
  await page.getByRole('button', { name: 'Open eldest' }).click();
  await named(page, 'eldest');
  await clusters(page).nth(2).waitFor();

  // The one at hand is compared with another, and stays; the list is reached by name, too.
  await page.keyboard.press('Control+k');
  await page.locator('#palette').fill('compare with a kept');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Compare with second' }).waitFor();
  must((await page.getByRole('button', { name: 'Compare with eldest' }).count()) === 0, 'nothing is compared with itself');
  await page.getByRole('button', { name: 'Compare with second' }).click();
  await page.locator('#compared').filter({ hasText: 'second' }).waitFor();
  await named(page, 'eldest');
  await page.locator('.differs').first().waitFor({ state: 'attached' });
  await page.locator('#canvas').focus();
  await page.keyboard.press('Escape');
  await page.locator('#compared').waitFor({ state: 'detached' });

  // A crash: whatever was done half a second before is there.
  await page.locator('#canvas').focus();
  await page.keyboard.press('c');
  await clusters(page).nth(3).waitFor();
  await page.waitForTimeout(500);
  await page.goto('chrome://crash').catch(() => {});
  await page.close();
  const back = await context.newPage();
  await back.goto(url);
  await named(back, 'eldest');
  await clusters(back).nth(3).waitFor();
  must((await back.locator('#elsewhere').count()) === 0, 'who crashed holds nothing');

  // A second page looks on.
  const second = await context.newPage();
  await second.goto(url);
  await second.locator('#elsewhere').waitFor();
  await second.screenshot({ path: join(folder, 'elsewhere.png') });
  await second.locator('#canvas').focus();
  await second.keyboard.press('c');
  await second.waitForTimeout(100);
  must((await clusters(second).count()) === 4, 'nothing is changed there');
  // What the first one does meanwhile is what the second one takes over, even in the last moment.
  await rename(back, 'late');
  await second.bringToFront();
  await back.waitForTimeout(400);
  await second.locator('#elsewhere button').click();
  await second.locator('#elsewhere').waitFor({ state: 'detached' });
  await named(second, 'late');
  await back.locator('#elsewhere').waitFor();
  await second.locator('#canvas').focus();
  await second.keyboard.press('c');
  await clusters(second).nth(4).waitFor();
  // The first one goes on where it may: another drawing is its own.
  await back.locator('#templates').click();
  await back.locator('#multi-primary-multi-network').click();
  await back.locator('#elsewhere').waitFor({ state: 'detached' });
  await back.close();
  // Who looks on is told when the other goes.
  const third = await context.newPage();
  await third.goto(url);
  await third.locator('.app:not([aria-busy])').waitFor();
  const of = (on) => on.evaluate(() => localStorage.getItem('isthmus.draft'));
  must((await of(third)) !== null, 'the drawing at hand is known');
  const fourth = await context.newPage();
  await fourth.goto(url);
  await fourth.locator('#elsewhere').waitFor();
  await third.close();
  await fourth.locator('#elsewhere').waitFor({ state: 'detached' });

  must(troubles.length === 0, troubles.join('\n'));
});
