// node share.mjs URL OUTPUT.svg
// The drawing as a link, as a picture that opens again, and as a command; what is cut short or bare is refused.
import { readFile } from 'node:fs/promises';
import { must, open, run } from './open.mjs';

const [url, output] = process.argv.slice(2);

await run(async (browser) => {
  must(url && output, 'usage: node share.mjs URL OUTPUT.svg');
  const { page, context, troubles } = await open(browser, url, { permissions: ['clipboard-read', 'clipboard-write'] });
  const said = (words) => page.locator('[role=status]', { hasText: words }).waitFor({ state: 'attached' });
  const clipboard = () => page.evaluate(() => navigator.clipboard.readText());
  const mesh = () => page.locator('[role=treeitem][aria-level="1"] > .row').first().click();
  await page.locator('#external-two-remotes').click();
  await mesh();

  // The command holds the topology, and says which program reads it.
  await page.locator('#copy-command').click();
  await said('Copied the command');
  const command = await clipboard();
  must(command.includes('kind: Topology') && command.includes('isthmus generate mesh1.yaml -o mesh1.zip'), command);

  // The picture opens again, without a loss.
  const download = page.waitForEvent('download');
  await page.locator('#picture').click();
  await (await download).saveAs(output);
  must((await readFile(output, 'utf8')).startsWith('<svg'), 'a picture');
  await page.locator('#share').click();
  await said('Copied a link');
  const link = await clipboard();
  must(link.startsWith(url.replace(/\/$/, '')) && link.includes('#v1:'), link);
  await page.locator('#templates').click();
  await page.locator('#blank').click();
  await page.locator('#picker').setInputFiles(output);
  await page.locator('[data-card="2"]').waitFor();
  await mesh();
  await page.locator('#share').click();
  must((await clipboard()) === link, 'the picture gives the very drawing');

  // The link opens in a browser that has a drawing of its own, which undo brings back; the address is clean again.
  const other = await context.newPage();
  await other.goto(link);
  await other.locator('[data-card="2"]').waitFor();
  must(!other.url().includes('#'), 'the fragment is taken out of the address');
  await other.close();
  const fresh = await open(browser, url);
  await fresh.page.locator('#multi-primary').click();
  await fresh.page.waitForTimeout(500);
  await fresh.page.goto('about:blank');
  await fresh.page.goto(link);
  await fresh.page.locator('[data-card="2"]').waitFor();
  await fresh.page.keyboard.press('Control+z');
  await fresh.page.locator('.derived', { hasText: 'Multi-primary' }).waitFor();
  await fresh.page.goto('about:blank');
  await fresh.page.goto(link.slice(0, -40));
  await fresh.page.getByRole('dialog').filter({ hasText: 'cut short' }).waitFor();
  await fresh.page.keyboard.press('Escape');
  await fresh.page.locator('#picker').setInputFiles({ name: 'bare.svg', mimeType: 'image/svg+xml', buffer: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>') });
  await fresh.page.getByRole('dialog').filter({ hasText: 'no drawing inside' }).waitFor();

  must([...troubles, ...fresh.troubles].length === 0, [...troubles, ...fresh.troubles].join('\n'));
});
