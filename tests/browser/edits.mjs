// node edits.mjs URL
// Prints what an edit costs: how long the page is busy with it, from the event to the drawn page, and when the files are there.
import { open, run } from './open.mjs';

const [url] = process.argv.slice(2);
const ROUNDS = 11;
/** What a page may be busy at once without being felt, in milliseconds. */
const FELT = 50;

const primary = (_, i) => `  - {name: cluster${i + 1}, network: network${(i % 2) + 1}, role: primary}\n`;
const spoke = (_, i) => `  - {name: cluster${i + 1}, network: network1, ${i === 0 ? 'role: primary' : 'role: remote, controlPlane: cluster1'}}\n`;
const topology = (count, cluster) => {
  const clusters = Array.from({ length: count }, cluster).join('');
  return `apiVersion: isthmus.dev/v1alpha1\nkind: Topology\nmetadata: {name: mesh1}\nspec:\n  clusters:\n${clusters}  sample: true\n`;
};
const DRAWINGS = [
  ['2 primaries', topology(2, primary)],
  ['10 primaries', topology(10, primary)],
  ['50 primaries', topology(50, primary)],
  ['100 primaries', topology(100, primary)],
  ['1 primary serving 99 remotes', topology(100, spoke)],
];

/** Edits one field some times and returns, sorted, how long the page was busy, when the files were there, and the long tasks. */
const edit = async (rounds) => {
  const [busy, files, long] = [[], [], []];
  const observer = new PerformanceObserver((list) => long.push(...list.getEntries().map((entry) => entry.duration)));
  observer.observe({ type: 'longtask' });
  const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
  for (let round = 0; round < rounds; round++) {
    const field = document.querySelector('#context');
    field.value = `context-${round}`;
    const start = performance.now();
    field.dispatchEvent(new Event('input', { bubbles: true }));
    field.dispatchEvent(new Event('change', { bubbles: true }));
    // The page is drawn in a task of its own; the one after next comes when that is done.
    await new Promise((done) => requestAnimationFrame(() => { const { port1, port2 } = new MessageChannel(); port1.onmessage = done; port2.postMessage(0); }));
    busy.push(performance.now() - start);
    while (document.querySelector('#busy')) await pause(2);
    files.push(performance.now() - start);
    await pause(400);
  }
  observer.disconnect();
  const sorted = (times) => times.sort((a, b) => a - b);
  return { busy: sorted(busy), files: sorted(files), long: sorted(long) };
};

await run(async (browser) => {
  for (const [name, text] of DRAWINGS) {
    const { page, context } = await open(browser, url);
    await page.locator('#picker').setInputFiles({ name: 'drawing.yaml', mimeType: 'application/yaml', buffer: Buffer.from(text) });
    await page.locator('#change', { hasText: 'Opened' }).waitFor();
    await page.locator('#busy').waitFor({ state: 'detached' });
    await page.locator('[role=treeitem][aria-level="3"] > .row').first().click();
    await page.locator('#context').waitFor();
    const { busy, files, long } = await page.evaluate(edit, ROUNDS);
    const median = (times) => times[Math.floor(times.length / 2)];
    const longest = long.at(-1) ?? 0;
    console.log(`  ${name}: page drawn after ${median(busy).toFixed(1)} ms, files there after ${median(files).toFixed(1)} ms (medians of ${ROUNDS}); ${long.length} tasks above ${FELT} ms${longest ? `, the longest ${longest.toFixed(0)} ms, ${(longest / FELT).toFixed(2)} of the goal` : ''}`);
    await context.close();
  }
});
