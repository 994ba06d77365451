// node offline.mjs URL SCREENSHOT.png DIST
// From a plain folder below a path: after loading nothing is asked for; without any server the page loads again and works; a newer build is
// offered, and taken when the person says so; where something else answers at the address, the planner goes.
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { must, open, run, until } from './open.mjs';
import { serve } from './static.mjs';

const [url, shot, dist] = process.argv.slice(2);
const BELOW = '/some where/planner/'.replaceAll(' ', '%20');

/** Makes a newer build of the one in a folder: another style, and the list of files that says so. */
const renew = async (folder) => {
  const [style, list] = [join(folder, 'style.css'), join(folder, 'sw.js')];
  const digest = async () => `sha256-${createHash('sha256').update(await readFile(style)).digest('base64')}`;
  const before = await digest();
  await writeFile(style, `${await readFile(style, 'utf8')}\nbody { --build: 2; }\n`);
  const script = await readFile(list, 'utf8');
  must(script.includes(before), 'the list names the digest of every file');
  await writeFile(list, script.replace(before, await digest()));
};

await run(async (browser) => {
  must(url && shot && dist, 'usage: node offline.mjs URL SCREENSHOT.png DIST');
  const folder = await mkdtemp(join(tmpdir(), 'planner-'));
  await cp(dist, folder, { recursive: true });
  let server = await serve(folder, BELOW);
  const { page, troubles } = await open(browser, server.address);

  // The policy holds without a header: that of `isthmus serve`, but for what only a header can say.
  const meta = await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute('content');
  const sent = (await (await fetch(url)).headers).get('content-security-policy').replace(" frame-ancestors 'none';", '');
  const sorted = (policy) => policy.split(';').map((part) => part.trim()).sort().join(';');
  must(sorted(meta) === sorted(sent), `${meta}\n${sent}`);
  must(meta.includes("script-src 'self' 'wasm-unsafe-eval';") && meta.includes("connect-src 'self';"), meta);
  const violated = await page.evaluate(() => new Promise((done) => {
    addEventListener('securitypolicyviolation', (event) => done(event.effectiveDirective));
    const script = document.createElement('script');
    try {
      script.textContent = 'globalThis.broken = true';
      document.body.append(script);
    } catch { done('trusted types'); }
  }));
  must(violated && !(await page.evaluate(() => globalThis.broken)), 'no script of another is run');
  troubles.length = 0;

  // Everything is kept; nothing more is asked for, whatever is done.
  await page.locator('html[data-offline="ready"]').waitFor({ state: 'attached' });
  await page.getByText('Works offline').waitFor();
  await page.screenshot({ path: shot });
  await page.waitForTimeout(300);
  server.asked.length = 0;
  await page.locator('#external-two-remotes').click();
  for (const tab of ['#tab-files', '#tab-steps', '#tab-findings']) await page.locator(tab).click();
  const download = page.waitForEvent('download');
  await page.locator('#export').click();
  await (await download).path();
  await page.locator('#switch-language, [lang="zh-Hans"]').first().click();
  await page.waitForTimeout(600);
  must(server.asked.length === 0, `asked for after loading: ${server.asked.join(' ')}`);

  // No server at all: the page, with the drawing, and what is there to be explained.
  await server.close();
  await page.reload();
  await page.locator('[data-card="2"]').waitFor();
  const answered = await page.evaluate(async () => (await (await fetch('./explain.en.txt')).text()).length);
  must(answered > 1000, 'the words of the findings are kept too');
  must(await page.evaluate(() => fetch('./nothing').then(() => false, () => true)), 'there is no server');
  troubles.length = 0;

  // A newer build: offered, not forced, and none of it mixed with the one in use.
  await renew(folder);
  server = await serve(folder, BELOW, server.port);
  const build = () => page.evaluate(() => getComputedStyle(document.body).getPropertyValue('--build'));
  await page.reload();
  await page.locator('#newer').waitFor();
  must((await build()) === '', 'the page stays as it is');
  await page.locator('#newer .framed').click();
  await page.locator('#newer').waitFor({ state: 'hidden' });
  await page.reload();
  await page.locator('#newer .solid').click();
  await until(async () => (await build().catch(() => '')).trim() === '2', 'the newer build is shown');
  await page.locator('[data-card="2"]').waitFor();
  must((await page.evaluate(() => caches.keys())).length === 1, 'the old build is gone');
  must(troubles.length === 0, troubles.join('\n'));

  // Another program at this address is not hidden behind the planner for ever.
  await server.close();
  const other = await mkdtemp(join(tmpdir(), 'other-'));
  await writeFile(join(other, 'index.html'), '<title>another</title>');
  server = await serve(other, BELOW, server.port);
  await page.reload();
  await until(() => page.evaluate(async () => !(await navigator.serviceWorker.getRegistration())), 'the planner goes');
  await page.reload();
  must((await page.title()) === 'another', 'what is served is shown');
  await server.close();
  await Promise.all([folder, other].map((path) => rm(path, { recursive: true })));
});
