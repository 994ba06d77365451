// node large.mjs URL OUTPUT.zip TOPOLOGY.yaml DIST
// Opens a drawing of many clusters: its bundle comes from a worker, the newest edit wins, and the exported zip is whole. Then the same from a
// plain folder of a static server, and without workers at all.
import { must, open, run } from './open.mjs';
import { serve } from './static.mjs';

const [url, output, topology, dist] = process.argv.slice(2);

/** Opens the drawing and waits for its files. */
const opened = async (page) => {
  await page.locator('#picker').setInputFiles(topology);
  await page.locator('#change', { hasText: 'Opened' }).waitFor();
  await page.locator('#busy').waitFor({ state: 'detached', timeout: 60_000 });
  must(/\d{4,} steps/.test(await page.locator('.foot').textContent()), 'the plan has its thousands of steps');
};

const rename = async (page, name) => {
  await page.locator('#name').fill(name);
  await page.locator('#name').press('Enter');
};

await run(async (browser) => {
  must(url && output && topology && dist, 'usage: node large.mjs URL OUTPUT.zip TOPOLOGY.yaml DIST');
  {
    const { page, context, troubles } = await open(browser, url);
    let modules = 0;
    context.on('request', (request) => { modules += request.url().endsWith('.wasm') && !request.serviceWorker() ? 1 : 0; });
    await opened(page);
    must(page.workers().length === 1, 'a worker makes the bundle');
    must(modules === 0, 'the module is not loaded again');
    await page.locator('[role=treeitem][aria-level="3"] > .row').first().click();
    // Two edits, one upon the other: what is shown in the end is what the second led to.
    await rename(page, 'alpha');
    await rename(page, 'beta');
    await page.locator('#busy').waitFor({ state: 'detached', timeout: 60_000 });
    await page.locator('#change', { hasText: 'beta' }).waitFor();
    await page.locator('#tab-files').click();
    await page.locator('.file-list .folder', { hasText: 'beta' }).click();
    must((await page.locator('.file-list .folder', { hasText: 'alpha' }).count()) === 0, 'nothing is left of the edit between');
    await page.locator('.code', { hasText: 'beta' }).waitFor();
    await page.locator('#tab-steps').click();
    must((await page.locator('.step').count()) <= 200, 'a long plan is not listed as a whole');
    // The canvas is there all the time.
    await page.locator('#canvas').focus();
    await page.keyboard.press('Control+z');
    await page.keyboard.press('Control+z');
    await page.locator('#busy').waitFor({ state: 'detached', timeout: 60_000 });
    const download = page.waitForEvent('download', { timeout: 60_000 });
    await page.locator('#export').click();
    await (await download).saveAs(output);
    await page.locator('[role=status]', { hasText: 'Exported' }).waitFor({ state: 'attached' });
    must(troubles.length === 0, troubles.join('\n'));
    await context.close();
  }
  const server = await serve(dist, '/some/folder/');
  {
    const { page, context, troubles } = await open(browser, server.address);
    await opened(page);
    must(page.workers().length === 1 && troubles.length === 0, `from a folder: ${troubles.join('\n')}`);
    await context.close();
  }
  {
    const { page, context } = await open(browser, server.address, { serviceWorkers: 'block' });
    await page.route('**/worker.js', (route) => route.abort());
    await opened(page);
    must(page.workers().length === 0, 'without workers the page does it');
    await context.close();
  }
  server.close();
});
