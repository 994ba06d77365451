// node looks.mjs URL - [SCREEN]
// Opens every screen and dialog in every theme and both languages: axe-core finds nothing, and no words are cut off or hang over the
// edge, on a wide window and on one of 320 pixels.
import axe from 'axe-core';
import { must, open, run } from './open.mjs';
import { SCREENS, show, turn } from './screens.mjs';

const [url, , only] = process.argv.slice(2);
const THEMES = ['light', 'dark', 'contrast'];
const WIDE = { width: 1440, height: 900 };
const NARROW = { width: 320, height: 640 };

/** Says what axe-core finds; of all rules only those named, if any are. */
const check = async (rules) => {
  const runOnly = rules && { type: 'rule', values: rules };
  const { violations } = await window.axe.run(document, { resultTypes: ['violations'], runOnly });
  return violations.flatMap(({ id, nodes }) => nodes.slice(0, 4).map((node) => `${id}: ${node.target.join(' ')}: ${node.failureSummary.split('\n').slice(1).join(' ').trim()}`));
};

/** Says what is cut off or hangs over the edge of the window. */
const overflow = () => {
  const found = [];
  if (document.documentElement.scrollWidth > innerWidth) found.push(`the page is ${document.documentElement.scrollWidth} wide`);
  for (const element of document.querySelectorAll('#app *, .overlay:not([hidden]) *')) {
    const style = getComputedStyle(element);
    // What scrolls can be read; what is for the ear alone is not looked at.
    if (element.closest('svg, .unseen') || element.matches('input, select, textarea, pre') || !element.checkVisibility()) continue;
    const box = element.getBoundingClientRect();
    if (box.width === 0 || box.height === 0) continue;
    const words = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
    const clips = style.overflowX === 'hidden' || style.overflowX === 'clip';
    if (words && clips && element.scrollWidth > element.clientWidth) found.push(`cut off: ${element.className || element.tagName}: ${element.textContent.trim()}`);
    if (!words) continue;
    // The nearest box outwards that clips must hold it, sideways.
    for (let at = element.parentElement; at; at = at.parentElement) {
      const overflow = getComputedStyle(at).overflowX;
      if (overflow === 'auto' || overflow === 'scroll') break;
      if (overflow === 'visible' && at !== document.body) continue;
      const outer = at.getBoundingClientRect();
      if (box.right > outer.right + 1 || box.left < outer.left - 1) found.push(`hangs over: ${element.className || element.tagName}: ${element.textContent.trim()}`);
      break;
    }
  }
  return found;
};

await run(async (browser) => {
  must(url, 'usage: node looks.mjs URL - [SCREEN]');
  const found = [];
  for (const lang of ['en', 'zh']) {
    const { page, context, troubles } = await open(browser, `${url}?lang=${lang}`, { viewport: WIDE });
    await context.addInitScript(() => { if (location.protocol !== 'about:') localStorage.clear(); });
    for (const screen of SCREENS.filter(({ name }) => !only || name === only)) {
      const say = (where, list) => found.push(...list.map((words) => `${screen.name} ${lang} ${where}: ${words}`));
      await page.setViewportSize(WIDE);
      await show(page, `${url}?lang=${lang}`, screen);
      await page.evaluate(axe.source);
      say('wide', await page.evaluate(overflow));
      for (const theme of THEMES) {
        await page.evaluate((theme) => { document.documentElement.dataset.theme = theme; }, theme);
        // A theme is colours: the other rules need one look.
        say(theme, await page.evaluate(check, theme === 'light' ? undefined : ['color-contrast', 'color-contrast-enhanced', 'link-in-text-block'].slice(0, theme === 'contrast' ? 3 : 1)));
      }
      await page.setViewportSize(NARROW);
      await turn(page, screen);
      say('narrow', await page.evaluate(overflow));
      say('narrow', await page.evaluate(check));
    }
    must(troubles.length === 0, troubles.join('\n'));
    await context.close();
  }
  must(found.length === 0, `${found.length} troubles\n${found.join('\n')}`);
});
