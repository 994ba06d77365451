// node speed.mjs URL
// Prints how soon the planner can be used, what blocks its page on a slow machine, and what dragging a box costs beside a page of plain SVG;
// each beside its goal.
import { open, run } from './open.mjs';

const [url] = process.argv.slice(2);
/** The most clusters that a drawing may have. */
const BOXES = 240;
const MOVES = 60;
const STARTS = 5;
const median = (numbers) => numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const beside = (value, goal, unit) => `${value.toFixed(value < 10 ? 2 : 0)}${unit}, goal ${goal}${unit}`;

const network = (i) => `network${(i % 10) + 1}`;
const clusters = Array.from({ length: BOXES }, (_, i) =>
  `  - {name: cluster${i + 1}, network: ${network(i)}, ${i === 0 ? 'role: primary' : 'role: remote, controlPlane: cluster1'}}\n`);
const topology = `apiVersion: isthmus.dev/v1alpha1\nkind: Topology\nmetadata: {name: mesh1}\nspec:\n  clusters:\n${clusters.join('')}`;

/** The same picture, and a drag, by hand: the least that a browser can do. */
const PLAIN = `<svg width="1440" height="900"></svg><script>
const svg = document.querySelector('svg'), make = (tag, attributes, parent = svg) => {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return parent.appendChild(made);
};
const boxes = Array.from({ length: ${BOXES} }, (_, i) => ({ x: (i % 20) * 70 + 5, y: Math.floor(i / 20) * 70 + 5 }));
const way = (box) => 'M' + (boxes[0].x + 30) + ' ' + (boxes[0].y + 20) + 'L' + (box.x + 30) + ' ' + (box.y + 20);
for (const box of boxes.slice(1)) box.path = make('path', { d: way(box), stroke: '#888', fill: 'none' });
for (const box of boxes) {
  box.g = make('g', { transform: 'translate(' + box.x + ' ' + box.y + ')' });
  make('rect', { width: 60, height: 40, rx: 4, fill: '#fff', stroke: '#333' }, box.g);
  for (const line of [12, 22, 32]) make('text', { x: 4, y: line, 'font-size': 8 }, box.g).textContent = 'cluster';
}
let held = null, asked = false;
svg.onpointerdown = (event) => { held = boxes.at(-1); svg.setPointerCapture(event.pointerId); };
svg.onpointerup = () => { held = null; };
svg.onpointermove = (event) => {
  if (!held) return;
  held.x = event.clientX - 30; held.y = event.clientY - 20;
  if (asked) return;
  asked = true;
  requestAnimationFrame(() => {
    asked = false;
    if (!held) return;
    held.g.setAttribute('transform', 'translate(' + held.x + ' ' + held.y + ')');
    held.path.setAttribute('d', way(held));
  });
};
</script>`;

/** Watches a page from its beginning: when it can be used, what blocked it, what moved. */
const watch = () => {
  const seen = { ready: 0, long: [], moved: 0 };
  globalThis.seen = seen;
  new PerformanceObserver((list) => seen.long.push(...list.getEntries().map((entry) => entry.duration))).observe({ type: 'longtask', buffered: true });
  new PerformanceObserver((list) => list.getEntries().forEach((entry) => { seen.moved += entry.hadRecentInput ? 0 : entry.value; })).observe({ type: 'layout-shift', buffered: true });
  new MutationObserver(() => { if (!seen.ready && document.querySelector('.app')) seen.ready = performance.now(); }).observe(document, { childList: true, subtree: true });
};

const start = async (browser, rate) => {
  const { page, context } = await open(browser, 'about:blank');
  await page.addInitScript(watch);
  const cdp = await context.newCDPSession(page);
  await cdp.send('Emulation.setCPUThrottlingRate', { rate });
  await page.goto(url);
  await page.locator('.app').waitFor();
  await page.waitForTimeout(1000);
  const seen = await page.evaluate(() => globalThis.seen);
  await context.close();
  return seen;
};

/** How long the page's own thread is busy with each move of a drag, and how much of it with script, in milliseconds. */
const drag = async (page, context, [x, y]) => {
  const cdp = await context.newCDPSession(page);
  await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
  const spent = async () => {
    const { metrics } = await cdp.send('Performance.getMetrics');
    return ['TaskDuration', 'ScriptDuration'].map((wanted) => metrics.find(({ name }) => name === wanted).value * 1000);
  };
  await page.mouse.move(x, y);
  await page.mouse.down();
  const before = await spent();
  for (let move = 1; move <= MOVES; move += 1) {
    await page.mouse.move(x + move * 3, y + move * 2);
    await page.evaluate(() => new Promise((done) => { requestAnimationFrame(done); }));
  }
  const after = await spent();
  await page.mouse.up();
  return after.map((value, i) => (value - before[i]) / MOVES);
};

await run(async (browser) => {
  const ready = [];
  for (let round = 0; round < STARTS; round += 1) ready.push((await start(browser, 1)).ready);
  console.log(`  can be used after ${beside(median(ready), 400, ' ms')} (median of ${STARTS})`);
  const slow = await start(browser, 4);
  console.log(`  at a quarter of the speed: ${slow.long.length} tasks above 50 ms, goal 0${slow.long.length ? `; the longest ${Math.max(...slow.long).toFixed(0)} ms` : ''}; what moved by itself: ${beside(slow.moved, 0, '')}`);

  const plain = await open(browser, 'about:blank');
  await plain.page.setContent(PLAIN);
  const [least] = await drag(plain.page, plain.context, [700, 400]);
  const drawn = await open(browser, url);
  await drawn.page.locator('#picker').setInputFiles({ name: 'drawing.yaml', mimeType: 'application/yaml', buffer: Buffer.from(topology) });
  await drawn.page.locator('#change', { hasText: 'Opened' }).waitFor();
  await drawn.page.locator('#busy').waitFor({ state: 'detached' });
  const box = await drawn.page.locator('[data-card="125"] rect').first().boundingBox();
  const [ours, script] = await drag(drawn.page, drawn.context, [box.x + box.width / 2, box.y + box.height / 2]);
  console.log(`  dragging one of ${BOXES} boxes: ${ours.toFixed(1)} ms a move, ${script.toFixed(1)} of it script, a page of plain SVG ${least.toFixed(1)} ms: ${beside(ours / least, 1.25, '')}`);
});
