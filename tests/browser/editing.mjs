// node editing.mjs URL OUTPUT.zip
// Picks several boxes in every way, edits, moves, copies and deletes them as one; drags into line; looks around a large drawing.
import { exportTo, must, open, run } from './open.mjs';

const [url, output, pictures] = process.argv.slice(2);

await run(async (browser) => {
  must(url && output, 'usage: node editing.mjs URL OUTPUT.zip [PICTURES]');
  const { page, context, troubles } = await open(browser, url);
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const shot = async (name) => pictures && page.screenshot({ path: `${pictures}/${name}.png` });
  const change = page.locator('#change');
  const said = (words) => change.filter({ hasText: words }).waitFor();
  const card = (at) => page.locator(`[data-card="${at}"]`);
  const title = async (at) => {
    const box = await card(at).locator('.title').boundingBox();
    return [box.x + 8, box.y + box.height / 2];
  };
  const place = (at) => card(at).locator('.card').evaluate((box) => [Number(box.getAttribute('x')), Number(box.getAttribute('y'))]);
  const picked = async () => page.locator('[role=treeitem][aria-level="3"][aria-selected=true]').count();
  const tab = page.locator('#tab-selected');

  await page.locator('#blank').click();
  await page.locator('#canvas').focus();
  for (const key of ['n', 'c', 'n', 'c', 'c']) await page.keyboard.press(key);
  await said('Added cluster3 to network2');

  // From the drawer by a drag, with the same result as by a click or a key.
  await page.locator('#add-cluster').dragTo(page.locator('[data-region="network1"] .ground'), { targetPosition: { x: 8, y: 100 } });
  await said('Added cluster4 to network1');
  await page.keyboard.press('Control+z');
  await page.locator('#canvas').focus();
  await page.keyboard.press('Escape');

  // The drawing alone: the panels go, the focus stays with the drawing, and what is to be seen beside it brings them back.
  const width = async () => (await page.locator('#canvas').boundingBox()).width;
  const beside = await width();
  await page.locator('[role=treeitem][aria-level="3"] > .row').first().click();
  await page.keyboard.press('f');
  await page.locator('.right').waitFor({ state: 'hidden' });
  await page.locator('#canvas:focus').waitFor();
  must((await width()) > beside + 600, 'the drawing has all the room');
  await shot('alone');
  await page.keyboard.press('F2');
  await page.locator('#name:focus').waitFor();
  await page.keyboard.press('Escape');
  await page.locator('#alone').click();
  await page.locator('.right').waitFor({ state: 'hidden' });
  await page.locator('#canvas').focus();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await page.locator('.right').waitFor();
  await page.locator('#canvas').focus();

  // Picked by Shift and click, by Ctrl+A, by a frame, in the outline, by keys there.
  await page.mouse.click(...(await title(0)));
  await page.keyboard.down('Shift');
  await page.mouse.click(...(await title(2)));
  await page.keyboard.up('Shift');
  await tab.filter({ hasText: '2 clusters' }).waitFor();
  must((await card(0).locator('.ring').count()) + (await card(2).locator('.ring').count()) === 2, 'both have a ring');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+a');
  await tab.filter({ hasText: '3 clusters' }).waitFor();
  await page.keyboard.press('Escape');
  const [right, below] = [await card(2).boundingBox(), await card(1).boundingBox()];
  await page.mouse.move(below.x + below.width + 60, below.y - 60);
  await page.mouse.down();
  await page.mouse.move(right.x + 40, right.y + 80, { steps: 5 });
  await shot('frame');
  await page.mouse.up();
  await tab.filter({ hasText: '2 clusters' }).waitFor();
  must((await picked()) === 2, 'the frame picks what it meets');
  const row = (name) => page.locator('[role=treeitem][aria-level="3"] > .row', { hasText: name });
  await row('cluster1').click({ modifiers: ['Shift'] });
  must((await picked()) === 3, 'the outline adds to the selection');
  await row('cluster1').click();
  await page.keyboard.press('Shift+ArrowDown');
  must((await picked()) === 2, 'Shift and an arrow add the next one in the outline');

  // Set in all as one step; what differs is mixed.
  must((await page.locator('#network').inputValue()) === '', 'networks are mixed');
  await shot('bulk');
  await page.locator('#expose').selectOption('nodePort');
  await said('Set how the east-west gateway of cluster1 is reached, and 1 more');
  await page.locator('#network').selectOption('network2');
  await said('Moved cluster1 to network2');
  await page.locator('#canvas').focus();
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+z');
  await said('Undid: Set how the east-west gateway');

  // Moved together by keys, taken back at once; and by a drag, which brings them into line.
  await page.keyboard.press('Control+a');
  const before = [await place(0), await place(1)];
  for (let i = 0; i < 4; i++) await page.keyboard.press('ArrowRight');
  await said('Placed cluster1, and 2 more');
  must((await place(0))[0] === before[0][0] + 32, 'four times 8 to the right');
  await page.keyboard.press('Control+z');
  must(String(await place(0)) === String(before[0]), 'one step takes the way back');
  const drag = async (at, dx, dy, hold) => {
    const [x, y] = await title(at);
    await page.mouse.move(x, y);
    await page.mouse.down();
    if (hold) await page.keyboard.down(hold);
    await page.mouse.move(x + dx, y + dy, { steps: 5 });
    const guides = await page.locator('#guides').getAttribute('d');
    await shot(`drag-${hold ?? 'snap'}`);
    await page.mouse.up();
    if (hold) await page.keyboard.up(hold);
    return guides;
  };
  await page.keyboard.press('Escape');
  const guides = await drag(2, 3, 40);
  must(guides?.startsWith('M'), `a guide is drawn: ${guides}`);
  must((await place(2))[0] === (await place(1))[0], 'and the box stands in line');
  must((await page.locator('#guides').getAttribute('d')) === '', 'the guide is gone after the drop');
  await page.keyboard.press('Control+z');
  const free = await drag(2, 5, 41, 'Alt');
  must(free === '' && (await place(2))[0] !== (await place(1))[0], 'Alt holds it free');
  await page.keyboard.press('Control+z');
  // Alt also keeps it out of another network; without, a ghost shows where it will be.
  const [x1] = await title(1);
  const [x0] = await title(0);
  await drag(1, x0 - x1, 0, 'Alt');
  await said('Placed cluster2');
  await page.keyboard.press('Control+z');
  {
    const [x, y] = await title(1);
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x0 + 20, y + 10, { steps: 5 });
    must(Number(await page.locator('#ghost').getAttribute('width')) > 0, 'a ghost shows the place');
    await shot('ghost');
    await page.mouse.up();
    await said('Moved cluster2 to network1');
    must((await page.locator('#ghost').getAttribute('width')) === '0', 'and goes');
    await page.keyboard.press('Control+z');
  }

  // Copied as text, pasted under names of their own, cut, and drawn once more.
  await page.mouse.click(...(await title(1)));
  await page.keyboard.press('Control+c');
  const text = await page.evaluate(() => navigator.clipboard.readText());
  must(text.startsWith('clusters:\n- name: cluster2\n'), `YAML is copied: ${text}`);
  await page.evaluate(() => addEventListener('paste', ({ clipboardData }) => { window.kinds = [...clipboardData.types]; }, { capture: true, once: true }));
  await page.keyboard.press('Control+v');
  await said('Added cluster4 from the clipboard');
  const kinds = await page.evaluate(() => window.kinds);
  must(['text/plain', 'application/x-isthmus+yaml'].every((kind) => kinds.includes(kind)), `copied as ${kinds}`);
  await page.keyboard.press('Control+x');
  await said('Deleted cluster4');
  // What counts is our own type, where somebody changed the text beside it.
  await page.evaluate((own) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('application/x-isthmus+yaml', own);
    clipboardData.setData('text/plain', own.replace('ours', 'theirs'));
    document.querySelector('#canvas').dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }));
  }, 'clusters:\n- name: ours\n  network: network1\n  role: primary\n');
  await said('Added ours from the clipboard');
  await page.keyboard.press('Control+z');
  await page.locator('[role=treeitem][aria-level="2"] > .row', { hasText: 'network1' }).click();
  await page.keyboard.press('Control+v');
  await said('Added cluster4 from the clipboard');
  await page.locator('#network').waitFor();
  must((await page.locator('#network').inputValue()) === 'network1', 'it goes to the selected network');
  await page.keyboard.press('Control+d');
  await said('Added cluster5 from the clipboard');
  await page.keyboard.press('Shift+Enter');
  await tab.filter({ hasText: 'network1' }).waitFor();
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+z');

  // Many deleted in one step.
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Delete');
  await said('and 2 more');
  must((await page.locator('[data-card]').count()) === 0, 'all are gone');
  await page.keyboard.press('Control+z');
  must((await page.locator('[data-card]').count()) === 3, 'all are back');
  await exportTo(page, output);

  // Regions by F6; a large drawing has a map, and less to read from farther away.
  await page.keyboard.press('Escape');
  const seen = new Set();
  for (let i = 0; i < 6; i++) {
    await page.keyboard.press('F6');
    seen.add(await page.evaluate(() => document.activeElement.closest('header, aside, section, footer')?.className));
  }
  must(seen.size >= 4, `F6 goes through the regions: ${[...seen]}`);
  const many = Array.from({ length: 24 }, (_, i) => `- name: c${i}\n  network: n${i % 3}\n  role: primary\n`).join('');
  await page.evaluate((text) => navigator.clipboard.writeText(text), `clusters:\n${many}`);
  await page.locator('#canvas').focus();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+v');
  await said('and 23 more');
  await page.locator('.minimap').waitFor();
  await page.keyboard.press('Shift+1');
  must((await page.locator('#canvas.far, #canvas.less').count()) === 1, 'less is read from far away');
  await shot('map');
  await page.keyboard.press('Control+0');
  must((await page.locator('.zoom output').textContent()) === '100 %', 'Ctrl+0 shows the own size');
  const world = page.locator('#world');
  const shown = await world.getAttribute('transform');
  const map = await page.locator('.minimap').boundingBox();
  await page.mouse.click(map.x + 10, map.y + 10);
  must((await world.getAttribute('transform')) !== shown, 'the map moves the canvas');
  const moved = await world.getAttribute('transform');
  await page.locator('#canvas').focus();
  await page.keyboard.down('Space');
  await page.mouse.move(700, 500);
  await page.mouse.down();
  await page.mouse.move(640, 460, { steps: 3 });
  await page.mouse.up();
  await page.keyboard.up('Space');
  must((await world.getAttribute('transform')) !== moved, 'the space bar and a drag move the canvas');
  await shot('near');
  must(troubles.length === 0, troubles.join('\n'));
});
