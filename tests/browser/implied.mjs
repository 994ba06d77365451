// node implied.mjs URL OUTPUT.zip
// What the rules imply is drawn dashed, and a press makes it explicit: the gateway in the drawing, and the API server that an arrow leads to. It is
// taken back by a press, by undo and by deleting it.
import { exportTo, must, open, run, until } from './open.mjs';

const [url, output] = process.argv.slice(2);

await run(async (browser) => {
  must(url && output, 'usage: node implied.mjs URL OUTPUT.zip');
  for (const [lang, make, leave] of [['en', 'Make the east-west gateway explicit', 'Leave the east-west gateway to the rules'], ['zh', '明确绘制东西向网关', '将东西向网关交给规则']]) {
    const { page, context, troubles } = await open(browser, `${url}?lang=${lang}`);
    const gateway = page.locator('[data-card="0"] [data-part="gateway"] .part');
    const dashed = () => gateway.evaluate((part) => getComputedStyle(part).strokeDasharray !== 'none');
    const implied = () => until(dashed, 'what is implied is dashed');
    const explicit = () => until(async () => !(await dashed()), 'what is explicit is drawn solid');
    const select = () => page.locator('[data-card="0"] [data-part="gateway"]').click();
    const button = page.locator('#explicit');
    await page.locator('#multi-primary-multi-network').click();
    await page.locator('[data-card="1"]').waitFor();
    await implied();

    // By the button of the part, which a click on it leads to; the file of the drawing says so.
    await select();
    await button.filter({ hasText: make }).click();
    await button.filter({ hasText: leave }).waitFor();
    await explicit();
    await page.waitForFunction(() => localStorage.getItem(`isthmus.draft.${localStorage.getItem('isthmus.draft')}`)?.includes('expose: loadBalancer'));
    await button.click();
    await implied();

    // By name, and taken back like every edit; deleted like what is drawn.
    await page.keyboard.press('Control+k');
    await page.locator('#palette').fill(make);
    await page.keyboard.press('Enter');
    await button.filter({ hasText: leave }).waitFor();
    await page.locator('#canvas').focus();
    await page.keyboard.press('Control+z');
    await button.filter({ hasText: make }).waitFor();
    await implied();
    await page.keyboard.press('Control+y');
    await explicit();
    await page.keyboard.press('Delete');
    await implied();
    must((await page.locator('[data-card]').count()) === 2, 'and nothing else is gone');

    // An arrow to an API server leads to how that one is dialled.
    await page.locator('.pill.reads').first().click();
    await page.locator('#api-server').fill('https://10.0.0.1:6443');
    await page.locator('#api-server').press('Enter');
    await page.locator('#tls-server-name').waitFor();
    await page.locator('#canvas').focus();
    await page.keyboard.press('Control+z');

    // In one network nothing would pass the gateway: that is said, and mended by a press.
    await select();
    await button.filter({ hasText: make }).click();
    await explicit();
    await page.locator('[role=treeitem][aria-level="3"] > .row').nth(1).click();
    await page.locator('#network').selectOption('network1');
    await gateway.waitFor({ state: 'detached' });
    await page.locator('#tab-findings').click();
    const finding = page.locator('[data-finding="gateway-unneeded"]');
    await finding.locator('button').first().click();
    await finding.waitFor({ state: 'detached' });
    await page.locator('#canvas').focus();
    for (let step = 0; step < 2; step++) await page.keyboard.press('Control+z');
    await gateway.waitFor();
    await explicit();
    if (lang === 'en') await exportTo(page, output);
    must(troubles.length === 0, troubles.join('\n'));
    await context.close();
  }
});
