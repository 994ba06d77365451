// node wizard.mjs URL OUTPUT.zip
// Starts every template, in both languages; answers the questions by keys alone and exports what they come to.
import { exportTo, must, open, run } from './open.mjs';

const [url, output] = process.argv.slice(2);

await run(async (browser) => {
  must(url && output, 'usage: node wizard.mjs URL OUTPUT.zip');
  for (const lang of ['zh', 'en']) {
    const { page, troubles, context } = await open(browser, `${url}?lang=${lang}`);
    const templates = await page.locator('.cards').first().locator('.card-button').evaluateAll((cards) => cards.map((card) => card.id));
    must(templates.length >= 7, 'a template for every system');
    for (const template of templates) {
      must((await page.locator(`#${template} > span`).count()) === 2, `${template} says in two lines when to choose it`);
      await page.locator(`#${template}`).click();
      await page.locator('#finding-count:not(.error)').waitFor();
      await page.locator('#plan').waitFor();
      await page.locator('#templates').click();
    }

    // Alone with the keyboard: the questions, their answers, the drawing.
    await page.locator('#wizard').focus();
    await page.keyboard.press('Enter');
    const makes = page.locator('#wizard-makes');
    await makes.filter({ hasText: lang === 'en' ? 'Multi-primary · different networks' : '多主架构 · 跨网络' }).waitFor();
    const radio = (name) => page.locator(`input[name="${name}"]:checked`);
    await radio('apart').focus();
    await page.keyboard.press('ArrowUp');
    await makes.filter({ hasText: lang === 'en' ? 'one network' : '单网络' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await radio('who').focus();
    await page.keyboard.press('ArrowDown');
    await makes.filter({ hasText: lang === 'en' ? 'Primary-remote' : '主从架构' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await makes.filter({ hasText: lang === 'en' ? 'External control plane' : '外部控制平面' }).waitFor();
    await page.locator('#wizard-draw').focus();
    await page.keyboard.press('Enter');
    await page.locator('[data-card="2"]').waitFor();
    await page.locator('#finding-count:not(.error)').waitFor();
    if (lang === 'en') await exportTo(page, output);
    must(troubles.length === 0, troubles.join('\n'));
    await context.close();
  }
});
