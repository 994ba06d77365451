// node lines.mjs URL FOLDER
// Goes from boxes to the lines they cause and from lines to their boxes, by pointer and by keys; and finds the line of a finding.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { must, open, run } from './open.mjs';

const [url, folder] = process.argv.slice(2);

await run(async (browser) => {
  must(url && folder, 'usage: node lines.mjs URL FOLDER');
  await mkdir(folder, { recursive: true });
  const { page, troubles } = await open(browser, url);
  const shot = (name) => page.screenshot({ path: join(folder, `lines-${name}.png`) });
  const shown = (path) => page.locator(`.path b[title="${path}"]`).waitFor();
  const mine = page.locator('.code .mine');
  const selected = (words) => page.locator('[role=treeitem][aria-selected=true] > .row').filter({ hasText: words }).waitFor();

  await page.locator('#primary-remote-multi-network').click();
  await page.locator('[data-card="1"]').waitFor();
  await page.locator('#tab-files').click();

  // A box marks its files and its lines; the first of them is in sight.
  await page.locator('[data-card="0"] [data-part="gateway"]').click();
  await shown('clusters/cluster1/50-gateway/istio.yaml');
  await mine.first().waitFor();
  must((await page.locator('.file-list .row.mine').count()) > 2, 'its files are marked in the tree');
  must((await page.locator('#tab-files').getAttribute('aria-selected')) === 'true', 'the files stay open');
  await shot('light');

  // A click on a line selects what it comes from: the network that the gateway leads into.
  await page.locator('.code .l').filter({ hasText: 'topology.istio.io/network: network1' }).click();
  await selected('network1');
  await shown('clusters/cluster1/50-gateway/istio.yaml');
  must((await mine.count()) === 3, `the network is the cause of three lines, not ${await mine.count()}`);

  // By keys: into the file, to the line, Enter.
  const row = page.locator('.file-list .row').filter({ hasText: '40-remote/istio.yaml' });
  await row.focus();
  await page.keyboard.press('Enter');
  await shown('clusters/cluster2/40-remote/istio.yaml');
  await page.locator('.code').focus();
  await page.keyboard.press('Home');
  const here = page.locator('#code-line');
  for (let step = 0; step < 40 && !(await here.textContent()).includes('remotePilotAddress'); step += 1) await page.keyboard.press('ArrowDown');
  must((await page.locator('.code').getAttribute('aria-activedescendant')) === 'code-line', 'the line is told to those who hear the page');
  await page.keyboard.press('Enter');
  await page.locator('[role=status]').filter({ hasText: 'cluster2 is served by cluster1' }).waitFor({ state: 'attached' });
  await page.locator('[data-arrow="serves-1-0"] .chosen').waitFor({ state: 'attached' });
  must((await mine.count()) === 2, 'the arrow is the cause of address and path');
  must(await page.locator('.code').evaluate((code) => code === document.activeElement), 'the focus stays in the file');

  // The same arrow marks its line of the drawing, and a line of the drawing its box.
  await page.locator('.file-list .row').filter({ hasText: 'topology.yaml' }).click();
  await shown('topology.yaml');
  await mine.filter({ hasText: 'controlPlane: cluster1' }).waitFor();
  await page.locator('.code .l').filter({ hasText: '- name: cluster2' }).click();
  await selected('cluster2');

  // A token is the cluster's it reads; a secret the arrow's.
  await page.locator('.file-list .row').filter({ hasText: '70-secret/cluster2.yaml' }).click();
  await page.locator('.code .l').filter({ hasText: 'kind: Secret' }).click();
  await page.locator('[data-arrow="reads-0-1"] .chosen').waitFor({ state: 'attached' });

  // In the details what is selected has its files, too.
  await page.locator('#tab-selected').click();
  await page.locator('[data-card="1"]').click({ position: { x: 20, y: 20 } });
  await shown('clusters/cluster2/40-remote/istio.yaml');
  await page.locator('.mine-list > summary').click();
  await page.locator('.mine-list .row').filter({ hasText: 'cluster2/45-reader/token.yaml' }).click();
  await shown('clusters/cluster2/45-reader/token.yaml');
  must(troubles.length === 0, troubles.join('\n'));

  await page.goto(`${url}?lang=zh&theme=dark`);
  await page.locator('[data-card]').first().waitFor();
  await page.locator('#tab-files').click();
  await page.locator('[data-card="1"]').click({ position: { x: 20, y: 20 } });
  await mine.first().waitFor();
  await shot('zh-dark');
});
