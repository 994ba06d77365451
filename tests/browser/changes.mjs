// node changes.mjs URL FOLDER
// Reads what edits did to the bundle: the line at the foot, the difference, since when; goes through the history by pointer and by keys,
// and finds it again after a reload.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { must, open, run } from './open.mjs';

const [url, folder] = process.argv.slice(2);

await run(async (browser) => {
  must(url && folder, 'usage: node changes.mjs URL FOLDER');
  await mkdir(folder, { recursive: true });
  const { page, troubles } = await open(browser, url);
  const shot = (name) => page.screenshot({ path: join(folder, `changes-${name}.png`) });
  const heard = (words) => page.locator('[role=status]').filter({ hasText: words }).waitFor({ state: 'attached' });

  await page.locator('#blank').click();
  await page.locator('#add-cluster').click();
  await page.locator('#add-network').click();
  await page.locator('#add-cluster').click();

  // The line says what was done and what it did, and is spoken.
  await page.locator('#change').filter({ hasText: 'Added cluster2 to network2' }).waitFor();
  const counted = await page.locator('.foot .effect').textContent();
  must(/^\+\d+ files, \d+ changed$/.test(counted), `the foot says ${counted}`);
  await heard(`Added cluster2 to network2: ${counted}`);

  // The difference is one press away, by keys too: what came has a plus, what went a minus.
  await page.locator('#difference').focus();
  await page.keyboard.press('Enter');
  await page.locator('#changed').filter({ hasText: counted }).waitFor();
  const file = (path) => page.locator('#changed .fold').filter({ hasText: path });
  await file('topology.yaml').locator('summary').focus();
  await page.keyboard.press('Enter');
  const added = file('topology.yaml').locator('.came');
  await added.filter({ hasText: '- name: cluster2' }).waitFor();
  must((await added.first().textContent()).startsWith('+'), 'an added line begins with a plus');
  await shot('light');

  await page.locator('[role=treeitem][aria-level="3"] > .row').first().click();
  await page.locator('#name').fill('east');
  await page.locator('#name').press('Enter');
  await page.locator('#change').filter({ hasText: 'Renamed cluster1 to east' }).waitFor();
  await page.locator('#tab-changes').click();
  await file('topology.yaml').locator('summary').click();
  must((await file('topology.yaml').locator('.gone').first().textContent()).startsWith('-'), 'a removed line begins with a minus');
  await page.locator('#changed-files .minus, .changed-files .minus').first().waitFor();

  // Since it was opened all is new; since the export nothing has changed, until something does.
  await page.locator('#since').selectOption('1');
  must((await page.locator('.changed-files .minus').count()) === 0, 'nothing is gone that was never there');
  await page.locator('#since').selectOption('2');
  await page.locator('#changed').filter({ hasText: 'Nothing was exported yet' }).waitFor();
  const download = page.waitForEvent('download');
  await page.locator('#export').click();
  await download;
  await page.locator('#changed').filter({ hasText: 'no file changed' }).waitFor();
  await page.locator('#since').selectOption('0');

  // Every edit is a step by its name; a press goes there, and the one that is shown is marked.
  const steps = page.locator('#history > li');
  const names = async () => (await steps.locator('> button').allTextContents()).join('|');
  const all = 'Renamed cluster1 to east|Added cluster2 to network2|Added network2|Added cluster1 to network1|Where you began';
  must((await names()) === all, `the steps are ${await names()}`);
  await steps.nth(3).locator('> button').click();
  await heard('Went to: Added cluster1 to network1');
  await page.locator('#history > [aria-current=step]').filter({ hasText: 'Added cluster1' }).waitFor();
  must((await page.locator('[data-card]').count()) === 1, 'one cluster is drawn again');
  must((await page.locator('#history > .undone').count()) === 3, 'the steps after it are taken back');
  await shot('history');
  await steps.nth(1).locator('> button').focus();
  await page.keyboard.press('Enter');
  await page.locator('#history > [aria-current=step]').filter({ hasText: 'Added cluster2' }).waitFor();
  await page.locator('#canvas').focus();
  await page.keyboard.press('Control+z');
  await page.locator('#history > [aria-current=step]').filter({ hasText: 'Added network2' }).waitFor();

  // It survives a reload, with what was taken back.
  await page.waitForFunction(() => Object.values(localStorage).some((text) => text.startsWith('2\u001e')));
  await page.reload();
  await page.locator('[data-card]').first().waitFor();
  await page.locator('#tab-changes').click();
  must((await names()) === all, `after the reload the steps are ${await names()}`);
  await page.locator('#history > [aria-current=step]').filter({ hasText: 'Added network2' }).waitFor();
  await page.locator('#canvas').focus();
  await page.keyboard.press('Control+y');
  await page.keyboard.press('Control+y');
  await page.locator('#change').filter({ hasText: 'Redid: Renamed cluster1 to east' }).waitFor();
  await page.locator('[data-card="0"]').filter({ hasText: 'east' }).first().waitFor();
  must(troubles.length === 0, troubles.join('\n'));
  await page.goto(`${url}?lang=zh&theme=dark`);
  await page.locator('[data-card]').first().waitFor();
  await page.keyboard.press('c');
  await page.locator('#difference').click();
  await file('secret').first().locator('summary').click();
  await shot('zh-dark');
});
