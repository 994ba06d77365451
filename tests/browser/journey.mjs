// node journey.mjs URL OUTPUT.zip
// Draws two primaries on two networks from the empty drawing, by clicks, keys and a drag, breaks it, mends it, and exports the bundle.
import { readFile } from 'node:fs/promises';
import { exportTo, must, open, run } from './open.mjs';

const [url, output] = process.argv.slice(2);

await run(async (browser) => {
  must(url && output, 'usage: node journey.mjs URL OUTPUT.zip');
  const { page, troubles } = await open(browser, url);
  const name = page.locator('#name');
  const findings = page.locator('#finding-count');
  const change = page.locator('#change');

  // From nothing: one network and its cluster by clicks, the others by keys.
  await page.locator('#blank').click();
  await findings.filter({ hasText: '1 finding' }).waitFor();
  await page.locator('#add-network').click();
  await change.filter({ hasText: 'Added network1' }).waitFor();
  await page.locator('#add-cluster').click();
  await change.filter({ hasText: 'Added cluster1 to network1' }).waitFor();
  await findings.filter({ hasText: 'no findings' }).waitFor();
  await page.locator('#canvas').focus();
  await page.keyboard.press('c');
  await change.filter({ hasText: 'Added cluster2 to network1' }).waitFor();
  must((await page.locator('.derived').textContent()).includes('one network'), 'two clusters on one network are named so');
  await page.keyboard.press('n');
  await change.filter({ hasText: 'Added network2' }).waitFor();

  // A drag that is given up leaves everything as it was; one that ends in the other network moves the cluster.
  const card = page.locator('[data-card="1"]');
  const title = async () => {
    const box = await card.boundingBox();
    return [box.x + 60, box.y + 20];
  };
  const copies = page.locator('#held > *');
  const target = await page.locator('[data-region="network2"]').boundingBox();
  const middle = [target.x + target.width / 2, target.y + 30];
  await page.mouse.move(...(await title()));
  await page.mouse.down();
  await page.mouse.move(...middle, { steps: 8 });
  await page.locator('[data-region="network2"].target').waitFor();
  must((await copies.count()) === 1 && !(await card.isVisible()), 'a dragged box is shown in a layer of its own');
  await page.keyboard.press('Escape');
  must((await copies.count()) === 0 && (await card.isVisible()), 'Escape puts a dragged box back');
  await page.mouse.up();
  await page.mouse.move(...(await title()));
  await page.mouse.down();
  await page.mouse.move(...middle, { steps: 8 });
  await page.mouse.up();
  await change.filter({ hasText: 'Moved cluster2 to network2' }).waitFor();
  must((await page.locator('.derived').textContent()).includes('different networks'), 'two networks are named so');

  // Taken back, done again, moved back and forth by key.
  await page.keyboard.press('Control+z');
  await change.filter({ hasText: 'Undid: Moved cluster2 to network2' }).waitFor();
  await page.keyboard.press('Control+Shift+z');
  await change.filter({ hasText: 'Redid' }).waitFor();
  await page.keyboard.press('m');
  await change.filter({ hasText: 'Moved cluster2 to network1' }).waitFor();
  await page.keyboard.press('m');
  await change.filter({ hasText: 'Moved cluster2 to network2' }).waitFor();

  // A bad name is found at once, keeps the bundle from being exported, and is mended.
  await page.keyboard.press('Enter');
  await name.fill('Cluster Two');
  await page.locator('#name-hint').waitFor();
  await name.press('Enter');
  await findings.filter({ hasText: '1 finding' }).waitFor();
  await page.locator('[data-finding="cluster-name-invalid"]').waitFor();
  must(await page.locator('[data-card="1"] .mark').isVisible(), 'the box carries a badge');
  await page.locator('[data-finding="cluster-name-invalid"] .more > summary').click();
  await page.locator('[data-finding="cluster-name-invalid"] .more', { hasText: 'create-remote-secret' }).waitFor();
  must((await page.title()).startsWith('(1)'), 'the title counts findings');
  await page.keyboard.press('Control+e');
  await page.getByRole('dialog').filter({ hasText: 'not exported' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await name.fill('cluster2');
  await name.press('Enter');
  await page.locator('#finding-count:not(.error)').waitFor();

  // A letter that an input method is composing is no shortcut.
  const clusters = page.locator('[data-card]');
  await page.evaluate(() => {
    document.querySelector('#canvas').dispatchEvent(new KeyboardEvent('keydown', { key: 'c', bubbles: true, isComposing: true }));
  });
  must((await clusters.count()) === 2, 'no shortcut while composing');

  // What is drawn is kept, and what cannot be read changes nothing.
  await page.waitForTimeout(500);
  await page.reload();
  await page.locator('[data-card="1"]').waitFor();
  await page.locator('#picker').setInputFiles({ name: 'bad.yaml', mimeType: 'application/yaml', buffer: Buffer.from('apiVersion: isthmus.dev/v1alpha1\nkind: Topology\nmetadata: {nmae: x}\n') });
  await page.getByRole('dialog').filter({ hasText: 'line 3' }).waitFor();
  await page.getByRole('dialog').getByRole('button').last().click();
  must((await clusters.count()) === 2, 'a refused file changes nothing');

  // Every file is there to read.
  await page.locator('#tab-files').click();
  await page.locator('.file-list button', { hasText: 'bundle.yaml' }).click();
  await page.locator('.code', { hasText: 'kind: Bundle' }).waitFor();
  await page.locator('#tab-steps').click();
  must((await page.locator('.step').count()) > 8, 'the steps are listed');

  // The bundle, and back from it.
  await exportTo(page, output);
  await page.locator('#picker').setInputFiles(output);
  await page.locator('#import-replace').click();
  await change.filter({ hasText: 'Opened' }).waitFor();
  must((await clusters.count()) === 2, 'the exported bundle is opened again');

  must(troubles.length === 0, troubles.join('\n'));

  // When the planner breaks it says so, and the draft is there again after reloading.
  await page.waitForTimeout(500);
  await page.evaluate(() => {
    document.createElementNS = () => { throw new Error('broken on purpose'); };
  });
  await page.locator('#canvas').focus();
  await page.keyboard.press('n');
  await page.locator('#crashed').waitFor();
  await page.locator('#crashed [data-reload]').click();
  await page.locator('[data-card="1"]').waitFor();

  // A planner that cannot be loaded leaves words to read.
  await page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.unregister());
  await page.route('**/app_bg.wasm', (route) => route.abort());
  await page.reload();
  await page.locator('#failed').filter({ hasText: 'could not be loaded' }).waitFor();
  const rescued = page.waitForEvent('download');
  await page.locator('#failed [data-drawing]').click();
  must((await readFile(await (await rescued).path(), 'utf8')).includes('kind: Topology'), 'the drawing is not lost with the planner');
});
