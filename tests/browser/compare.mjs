// node compare.mjs URL OUTPUT.yaml [FOLDER]
// Compares a drawing with itself as it was opened and with a file: marks on the canvas, a list that leads there, lines of the files. Takes
// pictures where a folder is named.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { must, open, run } from './open.mjs';

const [url, output, folder] = process.argv.slice(2);

/** Another mesh: `cluster3` is there too, `cluster2` is a primary, and the release is an older one. */
const OTHER = `apiVersion: isthmus.dev/v1alpha1
kind: Topology
metadata:
  name: other
spec:
  meshId: mesh1
  istio:
    version: "1.30"
  clusters:
  - name: cluster1
    network: network1
    role: primary
  - name: cluster2
    network: network2
    role: primary
  - name: cluster3
    network: network3
    role: remote
    controlPlane: cluster2
`;

/** Names the file in the open palette. */
async function pick(page) {
  await page.locator('#palette').fill('compare with a file');
  await page.locator('#palette-list li:only-child').waitFor();
  await page.keyboard.press('Enter');
  await page.locator('#palette').waitFor({ state: 'detached' });
  await page.locator('#picker').setInputFiles(output);
}

await run(async (browser) => {
  must(url && output, 'usage: node compare.mjs URL OUTPUT.yaml [FOLDER]');
  await writeFile(output, OTHER);
  const { page, context, troubles } = await open(browser, url);
  const banner = page.locator('#compared');
  const comes = (words) => banner.filter({ hasText: words }).waitFor();
  const marked = (how, name) => page.locator(`.differs.${how}[data-differs="${name}"]`).waitFor({ state: 'attached' });

  // As it was opened: an edit is marked as it is made, and undone marks go.
  await page.locator('#primary-remote-multi-network').click();
  await page.locator('#canvas').focus();
  await page.keyboard.press('Shift+D');
  await comes('Nothing differs.');
  await page.keyboard.press('c');
  await comes('1 new, 0 gone, 0 changed');
  await marked('plus', 'cluster3');
  await page.locator('#tab-changes').click();
  await page.locator('#differences button', { hasText: 'cluster3' }).click();
  await page.locator('#name').waitFor();
  must((await page.locator('#name').inputValue()) === 'cluster3', 'a difference leads to what differs');
  await page.locator('#canvas').focus();
  await page.keyboard.press('Control+z');
  await comes('Nothing differs.');
  await page.locator('#compare-end').click();
  await banner.waitFor({ state: 'detached' });

  // A file: what is gone stands beside what is there, and cannot be selected.
  await page.keyboard.press('Control+k');
  await pick(page);
  await comes('0 new, 2 gone, 2 changed');
  for (const [how, name] of [['minus', 'cluster3'], ['minus', 'network3'], ['mod', 'cluster2']]) await marked(how, name);
  must((await page.locator('.differs.plus path.frame').count()) === 1, 'the arrow that came is marked');
  must((await page.locator('[data-card]').count()) === 2, 'what is gone is no box of the drawing');
  const lines = page.locator('#differences li', { hasText: 'cluster2' }).locator('.l');
  must((await lines.allTextContents()).join('|').includes('-role: primary|+role: remote'), 'the list says what differs');
  const file = page.locator('#changed > .changed-files .fold', { hasText: 'istio.yaml' }).first();
  await file.locator('summary').click();
  await file.locator('.l.came, .l.gone').first().waitFor();
  must((await page.locator('#since').inputValue()) === '3', 'the files are those of the comparison');

  // It is no edit: the drawing is as it was. Escape ends it.
  must((await page.locator('.doc').textContent()).includes('mesh1'), 'the drawing is not replaced');
  await page.locator('#canvas').focus();
  await page.keyboard.press('Escape');
  await banner.waitFor({ state: 'detached' });
  must((await page.locator('.differs').count()) === 0, 'nothing is marked any more');
  must(troubles.length === 0, troubles.join('\n'));
  await context.close();

  if (!folder) return;
  for (const [size, viewport] of Object.entries({ wide: { width: 1440, height: 900 }, narrow: { width: 320, height: 700 } })) {
    for (const [theme, lang] of [['light', 'en'], ['dark', 'zh']]) {
      const { page, context } = await open(browser, `${url}?lang=${lang}&theme=${theme}`, { viewport });
      await page.locator('#primary-remote-multi-network').click();
      await page.keyboard.press('Control+k');
      await pick(page);
      await page.locator('#compared').waitFor();
      await page.screenshot({ path: join(folder, `compare-${size}-${theme}-${lang}.png`) });
      if (size === 'narrow') {
        await page.locator('.views button').nth(2).click();
        await page.screenshot({ path: join(folder, `compare-list-${size}-${theme}-${lang}.png`) });
      }
      await context.close();
    }
  }
});
