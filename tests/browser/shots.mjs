// node shots.mjs URL FOLDER
// Takes pictures of the main screens, for a person to look at: wide and narrow, light and dark, English and Chinese.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { must, open, run } from './open.mjs';

const [url, folder] = process.argv.slice(2);
const SIZES = { wide: { width: 1440, height: 900 }, narrow: { width: 390, height: 844 } };

/** Says what is cut off or hangs over the edge of the window. */
const overflow = () => {
  const found = [];
  if (document.documentElement.scrollWidth > innerWidth) found.push(`the page is ${document.documentElement.scrollWidth} wide`);
  for (const element of document.querySelectorAll('button, h2, label, .note, .finding, .card-why, .card-button')) {
    const box = element.getBoundingClientRect();
    if (box.width > 0 && element.scrollWidth > element.clientWidth + 1 && !element.closest('.code')) found.push(`cut off: ${element.textContent}`);
  }
  return found;
};

await run(async (browser) => {
  must(url && folder, 'usage: node shots.mjs URL FOLDER');
  await mkdir(folder, { recursive: true });
  const found = [];
  for (const [size, viewport] of Object.entries(SIZES)) {
    for (const theme of ['light', 'dark']) {
      for (const lang of ['en', 'zh']) {
        const { page, context, troubles } = await open(browser, `${url}?lang=${lang}&theme=${theme}`, { viewport });
        const shot = async (what) => {
          await page.screenshot({ path: join(folder, `${what}-${size}-${theme}-${lang}.png`) });
          found.push(...(await page.evaluate(overflow)).map((trouble) => `${what} ${size} ${theme} ${lang}: ${trouble}`));
        };
        const view = async (number) => {
          if (size === 'narrow') await page.locator('.views button').nth(number).click();
        };
        await shot('start');
        await page.locator('#multi-primary-multi-network').click();
        await view(1);
        await page.locator('[data-card="1"]').waitFor();
        await shot('board');
        await view(0);
        await page.locator('[role=treeitem][aria-level="3"] > .row').nth(1).click();
        await shot('outline');
        await view(2);
        await shot('cluster');
        for (const group of ['east-west', 'gateways', 'api', 'ranges']) await page.locator(`#group-${group} > summary`).click();
        await page.locator('#add-ingress').click();
        await page.locator('#add-egress').click();
        await page.locator('#expose').selectOption('nodePort');
        await page.locator('#group-east-west').scrollIntoViewIfNeeded();
        await shot('reach');
        await page.locator('#service-cidrs').scrollIntoViewIfNeeded();
        await shot('reach-more');
        await page.locator('#group-gateways > summary').click();
        await page.locator('#name').scrollIntoViewIfNeeded();
        await page.locator('#name').fill('Bad Name');
        await page.locator('#name').press('Enter');
        await page.locator('[data-finding]').first().waitFor();
        await shot('finding');
        await page.keyboard.press('Escape');
        await page.locator('#export').click();
        await page.getByRole('dialog').waitFor();
        await shot('refused');
        await page.keyboard.press('Escape');
        await page.locator('header button').nth(0).click();
        await page.locator('#tab-files').click();
        await shot('files');
        await page.locator('#tab-steps').click();
        await shot('steps');
        await page.locator('#tab-findings').click();
        await shot('findings');
        await view(0);
        await page.locator('[role=treeitem][aria-level="1"] > .row').first().click();
        await view(2);
        await page.locator('#tab-selected').click();
        await shot('mesh');
        must(troubles.length === 0, troubles.join('\n'));
        await context.close();
      }
    }
  }
  for (const trouble of found) console.error(trouble);
});
