// node looks.mjs URL - [SCREEN]
// Opens every screen and dialog in every theme and both languages: axe-core finds nothing, and no words are cut off or hang over the
// edge, on a wide window, at 320 pixels, at 200 % and at 4K. The theme follows the system, and nothing moves by itself.
import axe from 'axe-core';
import { must, open, run } from './open.mjs';
import { SCREENS, show, turn } from './screens.mjs';

const [url, , only] = process.argv.slice(2);
const all = process.env.LOOKS === 'all';
const WIDE = { width: 1440, height: 900 };
/** What else a window may be: a narrow one, the wide one at 200 %, and one of 4K. */
const SIZES = { narrow: { width: 320, height: 640 }, 'at 200 %': { width: 720, height: 450 }, '4K': { width: 3840, height: 2160 } };
/** The themes beside the light one, and what the system prefers with each. A theme is colours: the other rules need one look. */
const THEMES = [['dark', 'light'], ['contrast', 'light'], ['contrast', 'dark']];
const COLOURS = ['color-contrast', 'link-in-text-block'];

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

/** Nothing moves by itself while the page loads and the first edits are made. */
const steady = async (browser) => {
  const { page, context } = await open(browser, 'about:blank');
  await context.addInitScript(() => {
    window.shifts = [];
    new PerformanceObserver((list) => window.shifts.push(...list.getEntries().filter((entry) => !entry.hadRecentInput))).observe({ type: 'layout-shift', buffered: true });
  });
  await page.goto(url);
  await page.locator('#multi-primary').click();
  for (const key of ['n', 'c', 'm', 'Control+z', 'g']) {
    await page.locator('#canvas').focus();
    await page.keyboard.press(key);
    // What comes late must not move anything either.
    await page.waitForTimeout(700);
  }
  const shifts = await page.evaluate(() => window.shifts.flatMap(({ value, sources }) => sources.map(({ node }) => `${value.toFixed(4)} ${node?.className ?? ''} ${node?.textContent?.slice(0, 40) ?? ''}`)));
  must(shifts.length === 0, `moved by itself: ${shifts.join('; ')}`);
  await context.close();
};

/** The theme is what the system prefers until somebody chooses another. */
const themes = async (browser) => {
  for (const [options, expected] of [[{}, 'light'], [{ colorScheme: 'dark' }, 'dark'], [{ contrast: 'more' }, 'contrast'], [{ contrast: 'more', colorScheme: 'dark' }, 'contrast']]) {
    const { page, context } = await open(browser, url, options);
    const theme = () => page.evaluate(() => document.documentElement.dataset.theme);
    must((await theme()) === expected, `${JSON.stringify(options)} asks for ${expected}, not ${await theme()}`);
    for (const next of ['light', 'dark', 'contrast']) {
      await page.locator('#theme').click();
      await page.locator(`html[data-theme=${next}]`).waitFor();
    }
    await context.close();
  }
  // With the system's own colours and without motion all is still there.
  const { page, context } = await open(browser, url, { forcedColors: 'active', reducedMotion: 'reduce' });
  await page.locator('#multi-primary').click();
  const drawn = await page.locator('[data-card="0"] .card').evaluate((card) => [getComputedStyle(card).stroke, getComputedStyle(card).fill]);
  must(drawn[0] !== drawn[1], 'boxes have a border in forced colours');
  must((await page.evaluate(() => document.getAnimations().filter((animation) => animation.effect.getTiming().duration > 0).length)) === 0, 'nothing moves');
  await context.close();
};

await run(async (browser) => {
  must(url, 'usage: node looks.mjs URL - [SCREEN]');
  const found = [];
  if (!only) {
    await steady(browser);
    await themes(browser);
  }
  for (const lang of ['en', 'zh']) {
    const { page, context, troubles } = await open(browser, `${url}?lang=${lang}`, { viewport: WIDE });
    await context.addInitScript(() => { if (location.protocol !== 'about:') localStorage.clear(); });
    for (const screen of SCREENS.filter(({ name }) => !only || name === only)) {
      const say = (where, list) => found.push(...list.map((words) => `${screen.name} ${lang} ${where}: ${words}`));
      await page.setViewportSize(WIDE);
      await show(page, `${url}?lang=${lang}`, screen);
      await page.evaluate(axe.source);
      say('wide', await page.evaluate(overflow));
      say('light', await page.evaluate(check));
      // Colours are the same in both languages.
      for (const [theme, colorScheme] of lang === 'en' || all ? THEMES : []) {
        await page.evaluate(([theme, colorScheme]) => {
          document.documentElement.dataset.theme = theme;
          document.documentElement.style.colorScheme = theme === 'contrast' ? colorScheme : '';
        }, [theme, colorScheme]);
        say(theme, await page.evaluate(check, theme === 'dark' ? COLOURS : [...COLOURS, 'color-contrast-enhanced']));
      }
      for (const [size, viewport] of Object.entries(SIZES)) {
        await page.setViewportSize(viewport);
        await turn(page, screen);
        say(size, await page.evaluate(overflow));
        if (size === 'narrow' && (lang === 'zh' || all)) say(size, await page.evaluate(check));
      }
    }
    must(troubles.length === 0, troubles.join('\n'));
    await context.close();
  }
  must(found.length === 0, `${found.length} troubles\n${found.join('\n')}`);
});
