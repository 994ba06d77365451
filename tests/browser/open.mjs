// Opens the planner in Chromium and watches for what must not happen: errors, policy violations, requests elsewhere.
import { chromium } from 'playwright-core';

const ARGUMENTS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
];

/** Starts Chromium. */
export function launch() {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', headless: true, args: ARGUMENTS });
}

/** Opens a page of its own storage; `troubles` collects whatever must not happen. */
export async function open(browser, url, options = {}) {
  const context = await browser.newContext({ locale: 'en-US', viewport: { width: 1440, height: 900 }, acceptDownloads: true, ...options });
  const page = await context.newPage();
  const troubles = [];
  page.on('pageerror', (error) => troubles.push(`error in the page: ${error.message}`));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) troubles.push(`console: ${message.text()}`);
  });
  const origin = new URL(url).origin;
  page.on('request', (request) => {
    const address = request.url();
    if (!address.startsWith(origin) && !/^(data|blob):/.test(address)) troubles.push(`request to ${address}`);
  });
  await page.goto(url);
  if (url !== 'about:blank') await page.locator('.app').waitFor();
  return { page, context, troubles };
}

/** Fails with a sentence unless the condition holds. */
export function must(condition, sentence) {
  if (!condition) throw new Error(sentence);
}

/** Waits until a condition holds. */
export async function until(condition, sentence) {
  for (let tries = 0; tries < 100; tries += 1) {
    if (await condition()) return;
    await new Promise((done) => { setTimeout(done, 100); });
  }
  throw new Error(sentence);
}

/** Waits until the page has drawn what was done and put the focus there: it does so in pieces, and lets the browser go on between them. */
export function drawn(page) {
  return page.evaluate(async () => {
    await new Promise(requestAnimationFrame);
    for (let piece = 0; piece < 10; piece += 1) await new Promise((done) => { setTimeout(done); });
  });
}

/** Exports the bundle by keys, into a file. */
export async function exportTo(page, path) {
  const download = page.waitForEvent('download');
  await page.keyboard.press('Control+e');
  await (await download).saveAs(path);
}

/** Runs a script's main function; what goes wrong is said on stderr and in the exit code. */
export async function run(main) {
  const browser = await launch();
  try {
    await main(browser);
  } catch (error) {
    console.error(error.stack ?? String(error));
    process.exitCode = 1;
  } finally {
    await browser.close();
  }
}
