// node palette.mjs URL OUTPUT.zip
// Builds primary-remote on two networks by the command palette alone, in both languages; the list of keys and its switch.
import { must, open, run } from './open.mjs';

const [url, output] = process.argv.slice(2);

await run(async (browser) => {
  must(url && output, 'usage: node palette.mjs URL OUTPUT.zip');
  const { page, troubles } = await open(browser, url);
  const said = (words) => page.locator('#change').filter({ hasText: words }).waitFor();
  const palette = page.locator('#palette');
  const command = async (typed) => {
    await page.keyboard.press('Control+k');
    await palette.fill(typed);
    await page.keyboard.press('Enter');
    await palette.waitFor({ state: 'detached' });
  };

  await page.locator('#blank').click();
  await command('add a net');
  await said('Added network1');
  await command('add a clus');
  await said('Added cluster1 to network1');
  // By the first letters of the pinyin, which work whatever is spoken.
  await command('tjwl');
  await said('Added network2');
  await command('tjjq');
  await said('Added cluster2 to network2');
  await command('selected cluster a rem');
  await said('Made cluster2 a remote, served by cluster1');

  // What is not there is said; what does nothing here is not offered.
  await page.keyboard.press('Control+/');
  await palette.fill('zzqx');
  await page.locator('.palette', { hasText: 'Nothing goes by that name' }).waitFor();
  await palette.fill('redo');
  must((await page.getByRole('option', { name: 'Redo' }).count()) === 0, 'nothing to do again is no command');
  await page.keyboard.press('Escape');
  await palette.waitFor({ state: 'detached' });

  // Things are found too: a cluster, a file.
  await command('cluster1');
  must((await page.locator('#name').inputValue()) === 'cluster1', 'the cluster is selected');
  await command('bundle.yaml');
  await page.locator('.code', { hasText: 'kind: Bundle' }).waitFor();

  // By the arrows, and back again by the mouse.
  await page.keyboard.press('Control+k');
  await palette.fill('中文');
  await palette.fill('chinese');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await page.locator('html[lang="zh-Hans"]').waitFor();
  await page.keyboard.press('Control+k');
  await palette.fill('切换到英文');
  await page.locator('#palette-list [role=option]').first().click();
  await page.locator('html[lang="en"]').waitFor();

  // The list of keys is the same list; its switch turns single letters off, and stays so.
  const clusters = page.locator('[data-card]');
  await page.locator('#canvas').focus();
  await page.keyboard.press('?');
  await page.getByRole('dialog').locator('dd', { hasText: 'Draw an arrow from the selected cluster' }).waitFor();
  await page.locator('#letters').uncheck();
  await page.keyboard.press('Escape');
  await page.locator('#canvas').focus();
  await page.keyboard.press('c');
  must((await clusters.count()) === 2, 'a letter that is switched off does nothing');
  await page.reload();
  await page.locator('[data-card="1"]').waitFor();
  await page.locator('#canvas').focus();
  await page.keyboard.press('c');
  must((await clusters.count()) === 2, 'it stays off');
  await page.keyboard.press('?');
  await page.locator('#letters').check();
  await page.keyboard.press('Escape');

  // Ways to look at the canvas.
  const percent = async () => Number.parseInt(await page.locator('.zoom output').textContent(), 10);
  const before = await percent();
  await page.locator('#canvas').focus();
  await page.keyboard.press('+');
  await page.waitForFunction((before) => Number.parseInt(document.querySelector('.zoom output').textContent, 10) > before, before);
  await page.keyboard.press('Shift+1');
  await page.waitForFunction((before) => Number.parseInt(document.querySelector('.zoom output').textContent, 10) === before, before);

  const download = page.waitForEvent('download');
  await command('export');
  await (await download).saveAs(output);
  must(troubles.length === 0, troubles.join('\n'));
});
