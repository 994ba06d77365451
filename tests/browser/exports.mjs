// node exports.mjs URL FOLDER TOPOLOGY.yaml…
// Opens each topology in the planner and exports its bundle as FOLDER/<name>.zip.
import { basename, join } from 'node:path';
import { must, open, run } from './open.mjs';

const [url, folder, ...topologies] = process.argv.slice(2);

await run(async (browser) => {
  must(url && folder && topologies.length > 0, 'usage: node exports.mjs URL FOLDER TOPOLOGY.yaml…');
  for (const topology of topologies) {
    const { page, context, troubles } = await open(browser, url);
    await page.locator('#picker').setInputFiles(topology);
    await page.locator('#change', { hasText: 'Opened' }).waitFor();
    const download = page.waitForEvent('download');
    await page.locator('#export').click();
    await (await download).saveAs(join(folder, `${basename(topology, '.yaml')}.zip`));
    must(troubles.length === 0, `${topology}: ${troubles.join('\n')}`);
    await context.close();
  }
});
