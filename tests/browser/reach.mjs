// node reach.mjs URL OUTPUT.zip
// Draws three networks with three ways in, and gateways into and out of the mesh, by the fields of the inspector; exports the bundle.
import { exportTo, must, open, run } from './open.mjs';

const [url, output] = process.argv.slice(2);

await run(async (browser) => {
  must(url && output, 'usage: node reach.mjs URL OUTPUT.zip');
  const { page, troubles } = await open(browser, url);
  const change = page.locator('#change');
  const said = (words) => change.filter({ hasText: words }).waitFor();
  const cluster = (place) => page.locator('[role=treeitem][aria-level="3"] > .row').nth(place).click();
  const group = async (id) => {
    const summary = page.locator(`#group-${id} > summary`);
    await summary.focus();
    await page.keyboard.press('Enter');
    await page.locator(`#group-${id}[open]`).waitFor();
  };
  const write = async (label, text) => {
    const field = page.getByLabel(label, { exact: true });
    await field.fill(text);
    await field.press('Enter');
  };

  const choose = (label, value) => page.getByLabel(label, { exact: true }).selectOption(value);

  await page.locator('#blank').click();
  for (const _ of [1, 2, 3]) {
    await page.locator('#add-network').click();
    await page.locator('#add-cluster').click();
  }
  await said('Added cluster3 to network3');
  await page.locator('#role').selectOption('remote');
  await page.locator('#served-by').selectOption('cluster2');

  // Every field is found by its label.
  await group('east-west');
  await write('Port', '15444');
  await said('Set how the east-west gateway of cluster3 is reached');
  await write('Port', '70000');
  must((await page.locator('#east-west-port').inputValue()) === '15444', 'a port that is none changes nothing');

  await cluster(0);
  await group('east-west');
  await choose('Reached by', 'nodePort');
  await group('gateways');
  await page.locator('#add-ingress').click();
  await said('Added an ingress gateway to cluster1');
  await choose('Written in', 'gateway-api');
  must((await page.locator('#ingress-installer').count()) === 0, 'istiod installs what is written in the Gateway API');

  await cluster(1);
  await group('east-west');
  await choose('Reached by', 'nat');
  await page.locator('[data-finding]').first().waitFor();
  await write('Addresses', '203.0.113.7');

  await cluster(2);
  await group('gateways');
  await page.locator('#add-ingress').click();
  await page.locator('#add-egress').click();
  await said('Added an egress gateway to cluster3');
  must((await page.locator('[data-card="2"] [data-part="egress"]').count()) === 1, 'gateways are drawn in their cluster');

  // A gateway goes by its button, by Delete when it is selected, and comes back by undo.
  await page.locator('#remove-egress').click();
  await said('Took a gateway out of cluster3');
  await page.locator('#canvas').focus();
  await page.keyboard.press('Control+z');
  await page.locator('[data-card="2"] [data-part="ingress"]').click();
  await page.locator('#group-gateways[open]').waitFor();
  await page.locator('#canvas').focus();
  await page.keyboard.press('Delete');
  await said('Took a gateway out of cluster3');
  await page.keyboard.press('Control+z');
  await page.locator('[data-card="2"] [data-part="ingress"]').waitFor();

  // What is set and taken back leaves no trace.
  await group('api');
  await write('API address', 'https://10.0.0.1:6443');
  await write('TLS name', 'api.example.com');
  await choose('Certificate from', 'kubeconfig');
  await write('API address', '');
  await said('Set how the API server of cluster3 is dialled');
  must((await page.locator('#tls-server-name').count()) === 0, 'what belongs to the address goes with it');
  await group('ranges');
  await write('Pods', '10.10.0.0/16, 10.11.0.0/16');
  await said('Set the address ranges of cluster3');
  await write('Pods', '');
  await page.locator('[role=treeitem][aria-level="1"] > .row').first().click();
  await write('Trust domain', 'td.example');
  await write('Trust domain', '');
  await write('Revision', 'canary');
  await said('Set the revision canary');
  await write('Revision', '');
  await choose('Installer', 'helm');
  await said('Chose helm as the installer');
  await choose('Installer', 'istioctl');

  await exportTo(page, output);
  must(troubles.length === 0, troubles.join('\n'));
});
