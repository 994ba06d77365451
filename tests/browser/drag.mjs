// node drag.mjs URL
// Prints what dragging one of many boxes costs the page's own thread, beside plain SVG, React Flow and cytoscape, and what each loads.
// All show as many boxes and arrows in as much room, all of them in view. They take turns, and the best drag of each counts: whatever else the
// machine does only adds to it.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { build } from './peers/node_modules/esbuild/lib/main.js';
import { clock } from './measure.mjs';
import { open, run } from './open.mjs';
import { HEIGHT, WIDTH } from './peers/boxes.js';
import { serve } from './static.mjs';

const [url] = process.argv.slice(2);
/** The most clusters that a drawing may have. */
const BOXES = 240;
const MOVES = 20;
const ROUNDS = 9;
const PEERS = ['plain', 'flow', 'cytoscape'];
/** What loads of the planner. */
const FILES = ['', 'boot.js', 'style.css', 'app.js', 'app_bg.wasm', 'worker.js', 'sw.js'];

const clusters = Array.from({ length: BOXES }, (_, i) =>
  `  - {name: cluster${i + 1}, network: network${(i % 10) + 1}, ${i === 0 ? 'role: primary' : 'role: remote, controlPlane: cluster1'}}\n`);
const topology = `apiVersion: isthmus.dev/v1alpha1\nkind: Topology\nmetadata: {name: mesh1}\nspec:\n  clusters:\n${clusters.join('')}`;

/** Drags what is at a point, and says what a move costs more than waiting for as many frames. */
const drag = async ({ page, spent }, [x, y]) => {
  const frames = async (each) => {
    await spent();
    for (let move = 1; move <= MOVES; move += 1) {
      await each(move);
      await page.evaluate(() => new Promise((done) => { requestAnimationFrame(done); }));
    }
    return spent();
  };
  await page.mouse.move(x, y);
  const still = await frames(() => {});
  await page.mouse.down();
  // A drag begins after the first moves.
  await page.mouse.move(x + 6, y + 4);
  // There and back, so that the next drag begins at the same place.
  const busy = await frames((move) => { const way = Math.min(move, MOVES - move); return page.mouse.move(x + way * 4, y + way * 2); });
  await page.mouse.up();
  return busy.map((value, i) => (value - still[i]) / MOVES);
};

const compressed = (bytes) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;

/** Bundles the pages into a folder; returns what each loads, compressed. */
const bundled = async (folder) => {
  const sizes = {};
  for (const name of PEERS) {
    const { outputFiles } = await build({ entryPoints: [join(import.meta.dirname, `peers/${name}.js`)], bundle: true, minify: true, format: 'esm', outdir: folder, write: false, define: { 'process.env.NODE_ENV': '"production"' } });
    for (const { path, contents } of outputFiles) await writeFile(path, contents);
    const style = outputFiles.some(({ path }) => path.endsWith('.css')) ? `<link rel="stylesheet" href="${name}.css">` : '';
    const page = `<!doctype html><meta charset="utf-8"><title>${name}</title><link rel="icon" href="data:,">${style}<body style="margin: 0"><script type="module" src="${name}.js"></script>`;
    await writeFile(join(folder, `${name}.html`), page);
    sizes[name] = outputFiles.reduce((all, { contents }) => all + compressed(contents), compressed(page));
  }
  return sizes;
};

/** The planner with the drawing in it, and the middle of the dragged box. */
const planner = async (browser) => {
  const { page, context } = await open(browser, url);
  await page.locator('#picker').setInputFiles({ name: 'drawing.yaml', mimeType: 'application/yaml', buffer: Buffer.from(topology) });
  await page.locator('#change', { hasText: 'Opened' }).waitFor();
  await page.locator('#busy').waitFor({ state: 'detached' });
  const nodes = await page.locator('#world *').count();
  const middle = async () => {
    const box = await page.locator('[data-card="125"] .card').boundingBox();
    return [box.x + box.width / 2, box.y + box.height / 3];
  };
  return { page, spent: await clock(page, context), middle, nodes };
};

const peer = async (browser, address, name) => {
  const { page, context } = await open(browser, 'about:blank', { viewport: { width: WIDTH, height: HEIGHT } });
  await page.goto(`${address}${name}.html?boxes=${BOXES}`);
  await page.waitForFunction(() => globalThis.middle?.(), null, { polling: 100, timeout: 120_000 });
  return { page, spent: await clock(page, context), middle: () => page.evaluate(() => globalThis.middle()) };
};

await run(async (browser) => {
  const folder = await mkdtemp(join(tmpdir(), 'isthmus-peers-'));
  try {
    const sizes = await bundled(folder);
    const { address } = await serve(folder, '/');
    const pages = { planner: await planner(browser) };
    for (const name of PEERS) pages[name] = await peer(browser, address, name);
    const costs = Object.fromEntries(Object.keys(pages).map((name) => [name, []]));
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const [name, shown] of Object.entries(pages)) {
        await shown.page.bringToFront();
        await shown.page.waitForTimeout(300);
        costs[name].push(await drag(shown, await shown.middle()));
      }
    }
    const best = (name) => costs[name].reduce((best, each) => (each[0] < best[0] ? each : best));
    const cost = (name, at = 0) => best(name)[at];
    console.log(`  one of ${BOXES} boxes, by what a move costs more than a frame without one (the best of ${ROUNDS} drags of ${MOVES} moves, and all of them):`);
    for (const name of Object.keys(pages)) console.log(`    ${name.padEnd(10)} ${cost(name).toFixed(1)} ms, ${cost(name, 1).toFixed(1)} of it script (${costs[name].map(([all]) => all.toFixed(1)).join(' ')})`);
    const beside = (name, goal) => `${(cost('planner') / cost(name)).toFixed(2)} of ${name}, goal ${goal}`;
    console.log(`  the planner (${pages.planner.nodes} SVG nodes): ${beside('plain', 1.25)}; ${beside('flow', 0.5)}; ${beside('cytoscape', 0.25)}`);
    let ours = 0;
    for (const name of FILES) ours += compressed(Buffer.from(await (await fetch(new URL(name, url))).arrayBuffer()));
    const kB = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;
    console.log(`  what loads, compressed: the planner ${kB(ours)}, goal 250 (gate 350); ${PEERS.map((name) => `${name} ${kB(sizes[name])}`).join(', ')}`);
  } finally {
    await rm(folder, { recursive: true });
  }
});
