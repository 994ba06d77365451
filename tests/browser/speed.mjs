// node speed.mjs URL
// Prints how soon the planner can be used, empty and with a drawing that was kept, and what blocks its page on a slow machine, each beside
// its goal.
import { beside, median } from './measure.mjs';
import { open, run } from './open.mjs';

const [url] = process.argv.slice(2);
const STARTS = 5;
/** What begins with a kept drawing: that of a template, with a sample, on two networks. */
const TEMPLATE = '#multi-primary-multi-network';

/** Watches a page from its beginning: when all of it can be used, what blocked it, what moved. */
const watch = () => {
  const seen = { ready: 0, long: [], moved: 0 };
  globalThis.seen = seen;
  new PerformanceObserver((list) => seen.long.push(...list.getEntries().map((entry) => entry.duration))).observe({ type: 'longtask', buffered: true });
  new PerformanceObserver((list) => list.getEntries().forEach((entry) => { seen.moved += entry.hadRecentInput ? 0 : entry.value; })).observe({ type: 'layout-shift', buffered: true });
  new MutationObserver(() => { if (!seen.ready && document.querySelector('.app')) seen.ready = performance.now(); }).observe(document, { childList: true, subtree: true });
};

const start = async (browser, rate, storageState) => {
  const { page, context } = await open(browser, 'about:blank', { storageState });
  await page.addInitScript(watch);
  const cdp = await context.newCDPSession(page);
  await cdp.send('Emulation.setCPUThrottlingRate', { rate });
  await page.goto(url);
  await page.locator('.app').waitFor();
  await page.waitForTimeout(1500);
  const seen = await page.evaluate(() => globalThis.seen);
  await context.close();
  return seen;
};

/** Draws from a template, and returns what the browser keeps of that. */
const drawn = async (browser) => {
  const { page, context } = await open(browser, url);
  await page.locator(TEMPLATE).click();
  await page.locator('[data-card="1"]').waitFor();
  await page.waitForTimeout(600);
  const state = await context.storageState();
  await context.close();
  return state;
};

await run(async (browser) => {
  for (const [what, kept] of [['empty', undefined], ['with a kept drawing', await drawn(browser)]]) {
    const ready = [];
    for (let round = 0; round < STARTS; round += 1) ready.push((await start(browser, 1, kept)).ready);
    console.log(`  ${what}: can be used after ${beside(median(ready), 400, ' ms')} (median of ${STARTS})`);
    const slow = [];
    for (let round = 0; round < STARTS; round += 1) slow.push(await start(browser, 4, kept));
    const count = median(slow.map(({ long }) => long.length));
    const longest = median(slow.map(({ long }) => Math.max(0, ...long)));
    console.log(`    at a quarter of the speed: ${count} tasks above 50 ms, goal 0, the longest ${longest.toFixed(0)} ms; can be used after ${median(slow.map(({ ready }) => ready)).toFixed(0)} ms; what moved by itself: ${beside(Math.max(...slow.map(({ moved }) => moved)), 0, '')}`);
  }
});
