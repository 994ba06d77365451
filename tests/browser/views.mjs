// node views.mjs URL OUTPUT.csv [FOLDER]
// Looks at what a drawing comes to: who reads whom, firewall, trust, secrets, summary; by keys and by clicks. Keeps the copied firewall table,
// and takes pictures where a folder is named.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { drawn, must, open, run, until } from './open.mjs';

const [url, output, folder] = process.argv.slice(2);

/** A topology with so many primaries, each on a network of its own. */
const primaries = (count) =>
  ['apiVersion: isthmus.dev/v1alpha1', 'kind: Topology', 'metadata:', '  name: many', 'spec:', '  meshId: many', '  istio:', '    version: "1.31"', '  clusters:']
    .concat(Array.from({ length: count }, (_, i) => [`  - name: c${i + 1}`, `    network: n${i + 1}`, '    role: primary'].join('\n')))
    .join('\n');

await run(async (browser) => {
  must(url && output, 'usage: node views.mjs URL OUTPUT.csv [FOLDER]');
  const { page, context, troubles } = await open(browser, url);
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const shown = page.locator('.overview');
  const why = page.locator('#cell-why');
  const focused = (id, sentence) => until(() => page.evaluate((id) => document.activeElement.id === id, id), sentence);

  await page.locator('#primary-remote-multi-network').click();
  await page.locator('#canvas').focus();
  await page.keyboard.press('Shift+r');
  await shown.waitFor();
  must((await page.locator('.overview [role=tab][aria-selected=true]').textContent()) === 'Who reads whom', 'V shows who reads whom');
  must(await page.locator('.overview caption').isVisible(), 'a table says what it shows');

  await drawn(page);
  // By keys: Tab leads past the other views to the cells, arrows from cell to cell; each says why; Enter shows it on the canvas.
  for (const _ of [1, 2, 3, 4, 5]) await page.keyboard.press('Tab');
  await focused('cell-0-0-0', 'Tab leads into the table');
  await page.keyboard.press('End');
  await focused('cell-0-0-2', 'End leads to the last column');
  await why.filter({ hasText: 'istio-remote-secret-cluster2' }).waitFor();
  await page.keyboard.press('ArrowDown');
  await why.filter({ hasText: 'cluster2 runs no istiod' }).waitFor();
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('Tab');
  await focused('cell-0-1-2', 'Tab leads back to the cell that was left');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await shown.waitFor({ state: 'detached' });
  await page.locator('#arrow-says').filter({ hasText: 'cluster1' }).waitFor();
  must((await page.locator('.arrow.chosen').count()) > 0, 'the arrow is marked on the canvas');

  // Each view by its key; the firewall table is copied.
  const by = async (key, words) => {
    await page.keyboard.press('Escape');
    await page.locator('#canvas').focus();
    await page.keyboard.press(key);
    await page.locator('.overview tbody').first().filter({ hasText: words }).waitFor();
  };
  await by('Shift+T', 'nothing inside the mesh');
  await by('Shift+S', 'as drawn');
  await by('Shift+A', 'Resilience');
  await by('Shift+F', 'TLS, end to end (PASSTHROUGH)');
  await page.getByRole('button', { name: 'Copy as CSV' }).click();
  const csv = await page.evaluate(() => navigator.clipboard.readText());
  await writeFile(output, csv);
  const rows = await page.locator('.overview tbody tr').count();
  must(csv.trim().split('\r\n').length === rows + 1 && csv.includes('"15017"'), 'the copy has every row');
  await page.getByRole('button', { name: 'Copy as Markdown' }).click();
  const markdown = await page.evaluate(() => navigator.clipboard.readText());
  must(markdown.split('\n')[1] === '|---|---|---|---|---|---|---|', 'Markdown has a line under its head');
  // A row leads to what it is about.
  await page.locator('.overview tbody tr', { hasText: '15012' }).locator('td').first().click();
  await page.locator('#arrow-says').filter({ hasText: 'cluster2' }).waitFor();

  // Fifty clusters: names stay in view while one goes to the far corner.
  await page.evaluate((text) => {
    const data = new DataTransfer();
    data.setData('text/plain', text);
    window.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data }));
  }, primaries(50));
  await page.locator('#import-replace').click();
  await page.locator('.doc', { hasText: 'many' }).waitFor();
  await page.locator('#canvas').focus();
  const begun = Date.now();
  await page.keyboard.press('Shift+r');
  await page.locator('#cell-0-49-50').waitFor();
  console.log(`fifty by fifty: ${Date.now() - begun} ms`);
  await drawn(page);
  for (const _ of [1, 2, 3, 4, 5]) await page.keyboard.press('Tab');
  await page.keyboard.press('Control+End');
  await focused('cell-0-49-50', 'Control and End lead to the far corner');
  const [head, row, body] = await Promise.all(
    ['.overview thead th:last-child', '#cell-0-49-0', '.overview-body'].map((one) => page.locator(one).boundingBox()),
  );
  must(head.y >= body.y - 1 && head.y < body.y + 8, 'the names of columns stay');
  must(row.x >= body.x - 1 && row.x < body.x + 8, 'the names of rows stay');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Enter');
  await page.locator('#arrow-says').filter({ hasText: 'c49' }).waitFor();
  must((await page.locator('.arrow.chosen').count()) === 1, 'an arrow that is left out of so large a picture is drawn when a cell leads to it');
  must(troubles.length === 0, troubles.join('\n'));
  await context.close();

  if (!folder) return;
  for (const [size, viewport] of Object.entries({ wide: { width: 1440, height: 900 }, narrow: { width: 320, height: 700 } })) {
    for (const [theme, lang] of [['light', 'en'], ['dark', 'zh']]) {
      const { page, context } = await open(browser, `${url}?lang=${lang}&theme=${theme}`, { viewport });
      await page.locator('#external-two-remotes').click();
      await page.locator('#canvas').waitFor({ state: 'attached' });
      for (const key of ['Shift+R', 'Shift+F', 'Shift+T', 'Shift+S', 'Shift+A']) {
        await page.keyboard.press('Escape');
        await page.evaluate(() => document.activeElement.blur());
        await page.keyboard.press(key);
        await page.locator('.overview').waitFor();
        await page.screenshot({ path: join(folder, `view-${key.replace('+', '-')}-${size}-${theme}-${lang}.png`) });
      }
      await context.close();
    }
  }
});
