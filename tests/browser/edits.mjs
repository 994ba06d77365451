// node edits.mjs URL
// Prints what an edit costs: how long the page is busy with it, from the event to the drawn page, and when the files are there; what undoing it
// costs; and how long the module takes to make all files anew.
import { beside, clock, median } from './measure.mjs';
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
const SPOKES = '1 primary serving 99 remotes';
const DRAWINGS = [
  ['2 primaries', topology(2, primary)],
  ['10 primaries', topology(10, primary)],
  ['50 primaries', topology(50, primary)],
  ['100 primaries', topology(100, primary)],
  [SPOKES, topology(100, spoke)],
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

/** Takes a rename of the hub back and does it again, and says what the page's own thread did until it was drawn, sorted, in milliseconds. */
const undo = async (page, context) => {
  const spent = await clock(page, context);
  const times = [];
  for (let round = 0; round < ROUNDS * 2; round += 1) {
    await page.locator('#canvas').focus();
    await page.waitForTimeout(400);
    await spent();
    const since = await page.evaluate(async ([key, shift]) => {
      const start = performance.now();
      document.querySelector('#canvas').dispatchEvent(new KeyboardEvent('keydown', { key, ctrlKey: true, shiftKey: shift, bubbles: true, cancelable: true }));
      const drawn = () => new Promise((done) => { requestAnimationFrame(() => { const { port1, port2 } = new MessageChannel(); port1.onmessage = done; port2.postMessage(0); }); });
      await drawn();
      return performance.now() - start;
    }, round % 2 ? ['Z', true] : ['z', false]);
    times.push([...await spent(), since]);
    await page.locator('#busy').waitFor({ state: 'detached' });
  }
  return times;
};

/** Makes all files of some drawings in a worker of the planner's, by its module alone, one field another each time. */
const generate = async ([texts, rounds]) => {
  const module = await WebAssembly.compileStreaming(fetch('./app_bg.wasm'));
  const worker = new Worker('./worker.js', { type: 'module' });
  const heard = () => new Promise((done) => { worker.onmessage = done; });
  const ready = heard();
  worker.postMessage(module);
  await ready;
  const all = [];
  for (const text of texts) {
    const times = [];
    for (let round = 0; round < rounds; round += 1) {
      const answer = heard();
      const start = performance.now();
      worker.postMessage([text.replace('name: cluster2,', `name: cluster2, context: context-${round},`)]);
      const { data } = await answer;
      times.push(performance.now() - start);
      if (data.length < 2) throw new Error('no files came');
    }
    all.push(times);
  }
  worker.terminate();
  return all;
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
    const longest = long.at(-1) ?? 0;
    console.log(`  ${name}: page drawn after ${median(busy).toFixed(1)} ms, files there after ${median(files).toFixed(1)} ms (medians of ${ROUNDS}); ${long.length} tasks above ${FELT} ms${longest ? `, the longest ${longest.toFixed(0)} ms, ${(longest / FELT).toFixed(2)} of the goal` : ''}`);
    if (name === SPOKES) {
      const undone = await undo(page, context);
      console.log(`  undo and redo of that, 100 clusters: the page's thread is busy for ${beside(median(undone.map(([all]) => all)), 16, ' ms')} (${median(undone.map(([, script]) => script)).toFixed(1)} of it script), and drawn after ${median(undone.map(([, , since]) => since)).toFixed(1)} ms, a frame's wait among them`);
    }
    await context.close();
  }
  const { page, context } = await open(browser, url);
  const times = await page.evaluate(generate, [DRAWINGS.map(([, text]) => text), ROUNDS]);
  DRAWINGS.forEach(([name], at) => {
    const goal = { '2 primaries': 4, [SPOKES]: 30 }[name];
    console.log(`  all files anew after one edit, ${name}: ${goal ? beside(median(times[at]), goal, ' ms') : `${median(times[at]).toFixed(1)} ms`} (in WebAssembly, from the text of the drawing to the files in the page)`);
  });
  await context.close();
});
