// node findings.mjs URL FOLDER
// Findings are badges on boxes, networks and arrows, a list, and a number in the title of the window; one press shows the box and the
// line, another mends, as one step by its name. Nothing keeps anybody from drawing on.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { must, open, run } from './open.mjs';

const [url, folder] = process.argv.slice(2);

await run(async (browser) => {
  must(url && folder, 'usage: node findings.mjs URL FOLDER');
  await mkdir(folder, { recursive: true });
  const { page, troubles } = await open(browser, url);
  const shot = (name) => page.screenshot({ path: join(folder, `findings-${name}.png`) });
  const badge = (thing, sign) => page.locator(`${thing} .badge-mark`).filter({ hasText: sign }).first().waitFor({ state: 'attached' });
  const rename = async (row, name) => {
    await page.locator(row).click();
    await page.locator('#name').fill(name);
    await page.locator('#name').press('Enter');
  };

  await page.locator('#primary-remote-multi-network').click();
  await page.locator('[data-card="1"]').waitFor();
  await rename('[role=treeitem][aria-level="3"] > .row >> nth=1', 'Bad Name');
  await rename('[role=treeitem][aria-level="2"] > .row >> nth=0', 'Net 1');
  // A host name instead of an address is said on the arrow that leads there, too.
  await page.locator('[role=treeitem][aria-level="3"] > .row >> nth=0').click();
  await page.locator('#entry').selectOption('host');

  // Shape and sign tell an error from a warning, wherever it is.
  await badge('[data-card="1"]', '×');
  await badge('[data-region="Net 1"]', '×');
  await badge('[data-arrow^="serves-1-0"]', '×');
  await page.waitForFunction(() => /^\(\d+\) /.test(document.title));
  await shot('light');

  // Drawing goes on.
  await page.locator('#add-cluster').click();
  await page.locator('[data-card="2"]').waitFor();

  // From the list to the box and its line, by keys.
  await page.locator('#tab-findings').click();
  const name = page.locator('[data-finding="cluster-name-invalid"]');
  must((await name.textContent()).includes('Error'), 'how bad it is stands there in words');
  await name.getByRole('button', { name: 'Show' }).focus();
  await page.keyboard.press('Enter');
  await page.locator('[role=treeitem][aria-selected=true]').filter({ hasText: 'Bad Name' }).waitFor();
  await page.locator('.path b[title="topology.yaml"]').waitFor();
  await page.locator('.code .mine').filter({ hasText: 'Bad Name' }).waitFor();
  await shot('line');

  await page.locator('#tab-findings').click();
  // One press mends, as a step by its name, which is taken back like any other.
  await name.getByRole('button', { name: 'Rename to bad-name' }).click();
  await page.locator('#change').filter({ hasText: 'Mended: Rename to bad-name' }).waitFor();
  await name.waitFor({ state: 'detached' });
  await page.locator('#canvas').focus();
  await page.keyboard.press('Control+z');
  await name.waitFor({ state: 'attached' });
  await page.keyboard.press('Control+y');

  // The palette mends what is selected.
  await page.locator('[data-region="Net 1"]').click({ position: { x: 12, y: 12 } });
  await page.keyboard.press('Control+k');
  await page.keyboard.type('mend');
  await page.keyboard.press('Enter');
  await page.locator('[data-region="net-1"]').waitFor();
  await page.locator('#tab-findings').click();
  const source = page.locator('[data-finding] details.more').first();
  await source.locator('summary').click();
  await source.locator('.hint').waitFor();
  // What it means has its source as a link.
  const link = source.locator('.hint a').first();
  must(/^https:/.test(await link.getAttribute('href')) && (await link.getAttribute('target')) === '_blank', 'its page is a link');
  must(troubles.length === 0, troubles.join('\n'));
  // Where several things can be meant, each is a button, the nearest first.
  const cluster = (name, rest) => `  - {name: ${name}, network: network1, ${rest}}\n`;
  const drawn = `apiVersion: isthmus.dev/v1alpha1\nkind: Topology\nmetadata: {name: several}\nspec:\n  clusters:\n${cluster('east', 'role: primary')}${cluster('west', 'role: primary')}${cluster('edge', 'role: remote, controlPlane: wesk')}`;
  const several = await open(browser, url);
  await several.page.locator('#picker').setInputFiles({ name: 'several.yaml', mimeType: 'text/plain', buffer: Buffer.from(drawn) });
  await several.page.locator('[data-card="2"]').waitFor();
  await several.page.locator('#tab-findings').click();
  const unserved = several.page.locator('[data-finding="control-plane-unresolved"]');
  const offers = await unserved.locator('.foot-line button').allTextContents();
  must(offers.slice(0, 2).join() === 'Let west serve it,Let east serve it', `offered: ${offers}`);
  await unserved.locator('button', { hasText: 'Let east serve it' }).click();
  await several.page.locator('#change').filter({ hasText: 'Mended: Let east serve it' }).waitFor();
  await unserved.waitFor({ state: 'detached' });
  must(several.troubles.length === 0, several.troubles.join('\n'));
  await page.goto(`${url}?lang=zh&theme=dark`);
  await page.locator('[data-card]').first().waitFor();
  await page.locator('#tab-findings').click();
  await shot('zh-dark');
});
