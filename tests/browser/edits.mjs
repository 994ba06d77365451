// node edits.mjs URL
// Prints how long an edit takes until its files are there, for drawings of 2 and of 50 primaries: the planner's own work, from the
// event to the drawn page.
import { open, run } from './open.mjs';

const [url] = process.argv.slice(2);
const ROUNDS = 15;

/** A topology of that many primaries on two networks. */
const topology = (count) => {
  const cluster = (_, i) => `  - {name: cluster${i + 1}, network: network${(i % 2) + 1}, role: primary}\n`;
  const clusters = Array.from({ length: count }, cluster).join('');
  return `apiVersion: isthmus.dev/v1alpha1\nkind: Topology\nmetadata: {name: mesh1}\nspec:\n  clusters:\n${clusters}  sample: true\n`;
};

await run(async (browser) => {
  const { page } = await open(browser, url);
  for (const count of [2, 50]) {
    await page.locator('#picker').setInputFiles({ name: `${count}.yaml`, mimeType: 'application/yaml', buffer: Buffer.from(topology(count)) });
    await page.locator('#change', { hasText: 'Opened' }).waitFor();
    await page.locator('[role=treeitem][aria-level="3"] > .row').first().click();
    await page.locator('#context').waitFor();
    const times = await page.evaluate(async (rounds) => {
      const times = [];
      for (let round = 0; round < rounds; round++) {
        const field = document.querySelector('#context');
        field.value = `context-${round}`;
        const start = performance.now();
        field.dispatchEvent(new Event('input', { bubbles: true }));
        field.dispatchEvent(new Event('change', { bubbles: true }));
        // The page is drawn in a task of its own; the one after next comes when that is done.
        await new Promise((done) => requestAnimationFrame(() => { const { port1, port2 } = new MessageChannel(); port1.onmessage = done; port2.postMessage(0); }));
        times.push(performance.now() - start);
        await new Promise((done) => setTimeout(done, 50));
      }
      return times.sort((a, b) => a - b);
    }, ROUNDS);
    console.log(`  ${String(count).padStart(3)} primaries: ${times[Math.floor(ROUNDS / 2)].toFixed(1)} ms in Chromium, from the event to the page that shows it (median of ${ROUNDS})`);
  }
});
