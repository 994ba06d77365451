// node roles.mjs URL OUTPUT.zip
// Makes a primary and a remote on two networks from the empty drawing by the inspector, exports the bundle, and starts from an
// external control plane.
import { exportTo, must, open, run } from './open.mjs';

const [url, output] = process.argv.slice(2);

await run(async (browser) => {
  must(url && output, 'usage: node roles.mjs URL OUTPUT.zip');
  const { page, troubles } = await open(browser, url);
  const change = page.locator('#change');
  const role = page.locator('#role');
  const chosen = async (id, value, sentence) => must((await page.locator(id).inputValue()) === value, sentence);
  // Warnings may stay: nothing keeps the bundle from being exported.
  const mended = () => page.locator('#finding-count:not(.error)').waitFor();

  // A remote is served by the first primary, and the name of the model follows.
  await page.locator('#blank').click();
  await page.locator('#add-cluster').click();
  await page.locator('#add-network').click();
  await page.locator('#add-cluster').click();
  await change.filter({ hasText: 'Added cluster2 to network2' }).waitFor();
  await role.selectOption('remote');
  await change.filter({ hasText: 'Made cluster2 a remote, served by cluster1' }).waitFor();
  await chosen('#served-by', 'cluster1', 'the first primary serves');
  await mended();
  const model = await page.locator('.derived').textContent();
  must(model.includes('Primary-remote') && model.includes('different networks'), `the model is named ${model}`);

  // Undo moves the choice back, redo forth.
  await page.locator('#canvas').focus();
  await page.keyboard.press('Control+z');
  await change.filter({ hasText: 'Undid: Made cluster2' }).waitFor();
  await chosen('#role', 'primary', 'undo shows the role of before');
  await page.keyboard.press('Control+Shift+z');
  await change.filter({ hasText: 'Redid: Made cluster2' }).waitFor();
  await chosen('#role', 'remote', 'redo shows the role again');

  // The primary serves, so it has an entry; a host name wants its certificate.
  const cluster = (place) => page.locator('[role=treeitem][aria-level="3"] > .row').nth(place).click();
  await cluster(0);
  await page.locator('#entry').selectOption('host');
  await page.locator('[data-finding="entry-invalid"]').waitFor();
  await page.locator('#entry-host').fill('istiod.example.com');
  await page.locator('#entry-host').press('Enter');
  await page.locator('#entry-credential').fill('istiod-credential');
  await page.locator('#entry-credential').press('Enter');
  await mended();
  await page.locator('#entry').selectOption('loadBalancer');
  await mended();

  // An external control plane is on no network, and its config cluster is the remote it serves.
  await role.selectOption('external');
  await change.filter({ hasText: 'Made cluster1 an external control plane' }).waitFor();
  await chosen('#config', 'cluster2', 'the first remote is the config cluster');
  must((await page.locator('#network').count()) === 0, 'it is on no network');
  await mended();
  await role.selectOption('primary');
  await change.filter({ hasText: 'Made cluster1 a primary' }).waitFor();
  await chosen('#network', 'network1', 'a member is on a network again');
  await mended();

  // A remote whose control plane is deleted says so.
  await page.locator('.form .danger').click();
  await change.filter({ hasText: 'Deleted cluster1' }).waitFor();
  await cluster(0);
  await page.locator('[data-finding="control-plane-unresolved"]').waitFor();
  await chosen('#served-by', 'cluster1', 'the arrow to nowhere is shown');
  await page.locator('#canvas').focus();
  await page.keyboard.press('Control+z');
  await mended();

  await exportTo(page, output);

  // Every template is without errors, the external ones too.
  for (const [template, name] of [['external-two-remotes', 'External'], ['external-ip', 'External'], ['primary-remote', 'Primary-remote']]) {
    await page.locator('header button[title="Templates"]').click();
    await page.locator(`#${template}`).click();
    await page.locator('.derived', { hasText: name }).waitFor();
    await mended();
  }

  must(troubles.length === 0, troubles.join('\n'));
});
