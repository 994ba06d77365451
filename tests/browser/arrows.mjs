// node arrows.mjs URL OUTPUT.zip
// Draws every arrow by dragging from a port, by click and click, and by keys; is refused with a reason; selects and deletes arrows.
import { exportTo, must, open, run } from './open.mjs';

const [url, output] = process.argv.slice(2);

await run(async (browser) => {
  must(url && output, 'usage: node arrows.mjs URL OUTPUT.zip');
  const { page, troubles } = await open(browser, url);
  const change = page.locator('#change');
  const said = (words) => change.filter({ hasText: words }).waitFor();
  const mended = () => page.locator('#finding-count:not(.error)').waitFor();
  const card = (at) => page.locator(`[data-card="${at}"]`);
  const middle = async (locator) => {
    const box = await locator.boundingBox();
    return [box.x + box.width / 2, box.y + box.height / 2];
  };
  /** Where to press on a box: its title, which no part and no arrow covers. */
  const title = async (at) => {
    const box = await card(at).locator('.title').boundingBox();
    return [box.x + 8, box.y + box.height / 2];
  };
  const port = async (at) => {
    await page.mouse.move(...(await title(at)));
    return middle(card(at).locator('.port .knob').first());
  };
  const undo = async () => {
    await page.keyboard.press('Control+z');
    await said('Undid');
  };

  // Two primaries on two networks, by keys alone; then every way to draw the same arrow.
  await page.locator('#blank').click();
  await page.locator('#canvas').focus();
  for (const key of ['n', 'c', 'n', 'c']) await page.keyboard.press(key);
  await said('Added cluster2 to network2');

  // By dragging: what it comes to is said before the button is released.
  await page.mouse.move(...(await port(1)));
  await page.mouse.down();
  await page.mouse.move(...(await title(0)), { steps: 6 });
  await page.locator('#verdict', { hasText: 'cluster2 becomes a remote, served by cluster1' }).waitFor();
  await page.mouse.up();
  await said('Made cluster2 a remote, served by cluster1');
  must((await page.locator('#linking').count()) === 0, 'the tool is put down after the drop');
  await mended();
  await undo();

  // By click and click.
  await page.mouse.click(...(await port(1)));
  await page.locator('#linking').waitFor();
  await page.mouse.move(...(await title(0)), { steps: 3 });
  await page.locator('#verdict', { hasText: 'cluster2 becomes a remote' }).waitFor();
  await page.mouse.click(...(await title(0)));
  await said('Made cluster2 a remote, served by cluster1');
  await undo();

  // By keys.
  await page.locator('#canvas').focus();
  await page.keyboard.press('l');
  await page.locator('#linking', { hasText: 'Arrow from cluster2' }).waitFor();
  await page.keyboard.press('ArrowLeft');
  await page.locator('#linking', { hasText: 'cluster2 becomes a remote, served by cluster1' }).waitFor();
  await page.keyboard.press('Enter');
  await said('Made cluster2 a remote, served by cluster1');

  // From the outline, with the button: a third cluster cannot be served by a remote, and is told who could serve it.
  await page.locator('[role=treeitem][aria-level="2"] > .row').last().click();
  await page.keyboard.press('c');
  await said('Added cluster3 to network2');
  const row = (name) => page.locator('[role=treeitem][aria-level="3"] > .row', { hasText: name }).click();
  await row('cluster3');
  await page.keyboard.press('l');
  await row('cluster2');
  await page.locator('#linking .wrong', { hasText: 'draw the arrow to cluster1' }).waitFor();
  must((await page.locator('#linking .solid').count()) === 0, 'what cannot be is not offered');
  must(/unfit/.test(await card(1).getAttribute('class')), 'a box that cannot be the end is dimmed');
  await row('cluster1');
  await page.locator('#linking .solid').click();
  await said('Made cluster3 a remote, served by cluster1');
  await mended();

  // A refused drop changes nothing and says why; a pointer that is let go on the ground ends the tool.
  await page.mouse.move(...(await port(1)));
  await page.mouse.down();
  await page.mouse.move(...(await title(2)), { steps: 6 });
  await page.locator('#verdict.wrong', { hasText: 'runs no istiod' }).waitFor();
  await page.mouse.up();
  await page.locator('#refused', { hasText: 'draw the arrow to cluster1' }).waitFor();
  await said('Made cluster3 a remote');
  await page.keyboard.press('Escape');
  await page.locator('#refused').waitFor({ state: 'detached' });
  await page.mouse.click(...(await port(1)));
  await page.keyboard.press('Escape');
  await page.locator('#linking').waitFor({ state: 'detached' });

  // Where the configuration is kept is an arrow too: it makes an external control plane, which stands outside the networks.
  await page.mouse.move(...(await port(0)));
  await page.mouse.down();
  await page.mouse.move(...(await title(1)), { steps: 6 });
  await page.locator('#verdict', { hasText: 'cluster1 becomes an external control plane' }).waitFor();
  await page.mouse.up();
  await said('Made cluster2 the config cluster of cluster1');
  await mended();

  // Every arrow explains itself; a drawn one is deleted, an implied one says why it is not.
  const listed = (words, to) => page.locator('[role=treeitem][aria-level="4"] > .row', { hasText: words }).filter({ hasText: to });
  await listed('configuration in', 'cluster2').click();
  await page.locator('#arrow-says', { hasText: 'cluster1 keeps its configuration in cluster2' }).waitFor();
  await page.locator('.card-why', { hasText: 'Why this arrow is there' }).waitFor();
  await page.locator('.code').waitFor();
  await listed('reads', 'cluster3').click();
  await page.locator('section.card-why', { hasText: 'arrow cluster3 → cluster1' }).waitFor();
  await page.keyboard.press('Delete');
  must((await page.locator('.form .danger').count()) === 0, 'what the rules draw is not deleted');
  must((await page.locator('g.pill[data-arrow="config-0-1"]').count()) === 1, 'the arrow is on the canvas');
  await page.mouse.click(...(await middle(page.locator('[data-label="config-0-1"]'))));
  await page.locator('#arrow-says', { hasText: 'keeps its configuration' }).waitFor();
  await page.keyboard.press('Delete');
  await said('Made cluster1 a primary');
  await undo();

  await listed('served by', 'cluster1').last().click();
  await page.keyboard.press('Delete');
  await said('Made cluster3 a primary');
  await undo();
  await mended();

  await exportTo(page, output);
  must(troubles.length === 0, troubles.join('\n'));
});
