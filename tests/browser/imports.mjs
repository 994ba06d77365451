// node imports.mjs URL FOLDER BUNDLE.zip…
// Files of others become drawings, by file, drop and paste, added or alone, and say what of them is not read; of a kubeconfig nothing but names
// comes in. Bundles come back, and pictures, as they were.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { must, open, run, until } from './open.mjs';

const [url, folder, ...bundles] = process.argv.slice(2);

const operator = (cluster, network, more = '') => `apiVersion: install.istio.io/v1alpha1
kind: IstioOperator
spec:
  hub: registry.example.com/istio
${more}  values:
    global:
      meshID: mesh7
      multiCluster: {clusterName: ${cluster}}
      network: ${network}
`;
const KUBECONFIG = `apiVersion: v1
kind: Config
clusters:
- {name: alpha, cluster: {server: 'https://u:CANARY1@10.0.0.1:6443', certificate-authority-data: CANARY2}}
- {name: gamma, cluster: {server: 'https://10.0.0.2:6443'}}
contexts:
- {name: admin@alpha, context: {cluster: alpha, user: admin}}
- {name: gamma, context: {cluster: gamma, user: admin}}
users:
- {name: admin, user: {token: CANARY3, client-key-data: CANARY4, client-certificate-data: CANARY5, password: CANARY6}}
`;

await run(async (browser) => {
  must(url && folder && bundles.length > 0, 'usage: node imports.mjs URL FOLDER BUNDLE.zip…');
  const { page, troubles } = await open(browser, url, { permissions: ['clipboard-read', 'clipboard-write'] });
  const dialog = page.getByRole('dialog');
  const cards = (count) => until(async () => (await page.locator('[data-card]').count()) === count, `${count} clusters are drawn`);
  const give = (name, text) => page.locator('#picker').setInputFiles({ name, mimeType: 'text/yaml', buffer: Buffer.from(text) });
  const drop = (name, text) => page.evaluate(([name, text]) => {
    const data = new DataTransfer();
    data.items.add(new File([text], name));
    const event = (kind) => document.querySelector('.app').dispatchEvent(new DragEvent(kind, { dataTransfer: data, bubbles: true, cancelable: true }));
    event('dragover');
    event('drop');
  }, [name, text]);
  const paste = (text) => page.evaluate((text) => {
    const data = new DataTransfer();
    data.setData('text/plain', text);
    document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  }, text);

  // It is said before a file is chosen.
  await page.getByText('never tokens or keys').first().waitFor();

  // Two documents in one file, alone: nothing was drawn before.
  await give('installed.yaml', `${operator('alpha', 'east')}---\n${operator('beta', 'west', '  profile: remote\n')}`);
  await dialog.filter({ hasText: 'IstioOperator' }).waitFor();
  await dialog.filter({ hasText: 'spec.hub' }).waitFor();
  must((await page.locator('#import-add').count()) === 0, 'there is nothing to add it to');
  await page.screenshot({ path: join(folder, 'import.png') });
  await page.locator('#import-replace').click();
  await cards(2);
  await page.locator('.derived', { hasText: 'Primary-remote' }).waitFor();

  // Helm values, dropped and added; what holds for the mesh stays as it is drawn.
  await drop('values.yaml', 'global:\n  meshID: other\n  multiCluster:\n    clusterName: delta\n  network: east\n');
  await dialog.filter({ hasText: 'meshID' }).waitFor();
  await page.locator('#import-add').click();
  await cards(3);
  await page.keyboard.press('Control+z');
  await cards(2);
  await page.keyboard.press('Control+Shift+z');
  await cards(3);

  // A kubeconfig, pasted: names, and nothing else anywhere.
  await paste(KUBECONFIG);
  await dialog.filter({ hasText: 'tokens, certificates and keys are left in the file' }).waitFor();
  await page.screenshot({ path: join(folder, 'kubeconfig.png') });
  await page.locator('#import-add').click();
  await cards(5);
  await page.waitForTimeout(500);
  const texts = await page.evaluate(() => [document.documentElement.outerHTML, JSON.stringify(localStorage), JSON.stringify(sessionStorage), location.href].join('\n'));
  must(texts.includes('admin@alpha') && !texts.includes('CANARY'), 'the names are there, and no secret is');
  for (const saved of ['#picture', '#png-2', '#export']) {
    await page.locator('[role=treeitem][aria-level="1"] > .row').first().click();
    const download = page.waitForEvent('download', { timeout: 5000 }).catch(() => null);
    await page.locator(saved).click();
    const file = await download;
    if (file) must(!(await readFile(await file.path())).includes('CANARY'), `no secret is in ${saved}`);
    await page.keyboard.press('Escape');
  }

  // What is no file of any kind is refused, and the drawing stays.
  await give('broken.yaml', 'kind: IstioOperator\nspec: &a {}\n');
  await dialog.filter({ hasText: 'anchors' }).waitFor();
  await page.keyboard.press('Escape');
  await cards(5);

  // Bundles, and the pictures of them, are the drawings they were.
  for (const bundle of bundles) {
    const link = async () => {
      await page.locator('[role=treeitem][aria-level="1"] > .row').first().click();
      await page.locator('#share').click();
      await page.locator('[role=status]', { hasText: 'Copied a link' }).waitFor({ state: 'attached' });
      return page.evaluate(() => navigator.clipboard.readText());
    };
    await page.locator('#picker').setInputFiles(bundle);
    await page.locator('#import-replace').click();
    await page.locator('#change', { hasText: 'Opened' }).waitFor();
    const before = await link();
    for (const kind of ['#picture', '#png-1', '#png-3']) {
      const download = page.waitForEvent('download');
      await page.locator(kind).click();
      const picture = await (await download).path();
      const bytes = await readFile(picture);
      const name = kind === '#picture' ? 'picture.svg' : 'picture.png';
      await page.locator('#picker').setInputFiles({ name, mimeType: 'image/png', buffer: bytes });
      await page.locator('#import-replace').click();
      must((await link()) === before, `${bundle}: ${kind} gives the very drawing`);
    }
  }
  const size = async (at) => {
    const download = page.waitForEvent('download');
    await page.locator(`#png-${at}`).click();
    const file = join(folder, `diagram-${at}.png`);
    await (await download).saveAs(file);
    const bytes = await readFile(file);
    return [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  };
  const [one, three] = [await size(1), await size(3)];
  must(three[0] === 3 * one[0] && three[1] === 3 * one[1], `${one} ${three}`);
  must(troubles.length === 0, troubles.join('\n'));
});
