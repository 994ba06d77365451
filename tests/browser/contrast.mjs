// node contrast.mjs URL -
// The words of the drawing itself, which axe-core does not look into: each against whatever is painted behind it, in every theme and state. As
// for all other words 4.5 to 1 at least, and 7 to 1 in high contrast.
import { must, open, run } from './open.mjs';
import { SCREENS, show } from './screens.mjs';

const [url, , only] = process.argv.slice(2);

/** The themes, what the system prefers with each, and what is asked for. */
const THEMES = [['light', '', 4.5], ['dark', '', 4.5], ['contrast', 'light', 7], ['contrast', 'dark', 7]];

const title = async (page, at) => {
  const box = await page.locator(`[data-card="${at}"] .title`).boundingBox();
  return [box.x + 8, box.y + box.height / 2];
};
const rename = async (page, row, name) => {
  await page.locator(row).click();
  await page.locator('#name').fill(name);
  await page.locator('#name').press('Enter');
};
/** States that are no screens of their own. */
const MORE = [
  {
    name: 'badges', from: 'primary-remote-multi-network',
    open: async (page) => {
      await rename(page, '[role=treeitem][aria-level="3"] > .row >> nth=1', 'Bad Name');
      await rename(page, '[role=treeitem][aria-level="2"] > .row >> nth=0', 'Net 1');
      await page.locator('[role=treeitem][aria-level="3"] > .row >> nth=0').click();
      await page.locator('#entry').selectOption('host');
      await page.locator('[data-region="Net 1"] .badge-mark').waitFor({ state: 'attached' });
    },
  },
  {
    name: 'compared', from: 'primary-remote-multi-network',
    open: async (page) => {
      await page.locator('#canvas').focus();
      await page.keyboard.press('Shift+D');
      await page.keyboard.press('c');
      await page.locator('[role=treeitem][aria-level="3"] > .row >> nth=0').click();
      await page.keyboard.press('Delete');
      await page.locator('.differs.minus').first().waitFor({ state: 'attached' });
      await page.locator('.differs.plus').first().waitFor({ state: 'attached' });
    },
  },
  {
    name: 'ghost', from: 'multi-primary-multi-network',
    open: async (page) => {
      await page.mouse.move(...(await title(page, 0)));
      await page.mouse.down();
      const [x, y] = await title(page, 1);
      await page.mouse.move(x + 30, y + 20, { steps: 5 });
      await page.locator('.region.target').waitFor({ state: 'attached' });
    },
    close: (page) => page.mouse.up(),
  },
  { name: 'far', from: 'primary-remote-multi-network', open: async (page) => { for (let at = 0; at < 6; at++) await page.locator('.zoom button').first().click(); } },
  {
    name: 'networks', from: 'blank',
    open: async (page) => {
      await page.locator('#canvas').focus();
      for (let at = 0; at < 7; at++) for (const key of ['n', ...(at % 2 ? ['c'] : [])]) await page.keyboard.press(key);
    },
  },
  { name: 'explicit', from: 'multi-primary-multi-network', open: async (page) => { await page.locator('[role=treeitem][aria-level="4"] > .row', { hasText: 'east-west' }).first().click(); await page.locator('#explicit').click(); } },
];
/** The screens that show the drawing. */
const STATES = ['blank', 'drawing', 'external', 'mesh', 'network', 'cluster', 'part', 'arrow', 'many', 'crowd', 'reach', 'broken', 'walk', 'linking', 'tour-4'];

/** Says which words stand out too little, and how many were looked at. */
const faint = (least) => {
  const context = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
  const rgba = (colour) => {
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = colour;
    context.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = context.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = ([r, g, b], below, alpha) => [r, g, b].map((value, at) => value * alpha + below[at] * (1 - alpha));
  const luminance = (colour) => {
    const [r, g, b] = colour.map((value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const svg = document.querySelector('#canvas');
  const ground = rgba(getComputedStyle(svg.parentElement).backgroundColor);
  const shapes = [...svg.querySelectorAll('rect, path, circle')].filter((shape) => !shape.closest('defs') && shape.checkVisibility());
  // Paints everything below a text at a point, and then the text, group by group: what a group's opacity is applied to is painted first.
  const painted = (root, point, text, below) => {
    let [behind, words] = [below, null];
    for (const node of root.children) {
      const style = getComputedStyle(node);
      if (style.display === 'none' || style.visibility === 'hidden' || node.matches('defs, title')) continue;
      const opacity = Number(style.opacity);
      if (node === text) {
        const [r, g, b, a] = rgba(style.fill);
        return [behind, over([r, g, b], behind, a * opacity * Number(style.fillOpacity))];
      }
      if (node.tagName === 'g') {
        const [inside, said] = painted(node, point, text, behind);
        if (said) return [over(inside, behind, opacity), over(said, behind, opacity)];
        behind = over(inside, behind, opacity);
      } else if (shapes.includes(node) && !/^(none|url)/.test(style.fill)) {
        const at = point.matrixTransform(node.getScreenCTM().inverse());
        if (node.isPointInFill(at)) {
          const [r, g, b, a] = rgba(style.fill);
          behind = over([r, g, b], behind, a * opacity * Number(style.fillOpacity));
        }
      }
    }
    return [behind, words];
  };
  const found = [];
  let count = 0;
  for (const text of svg.querySelectorAll('text')) {
    if (!text.textContent.trim() || !text.checkVisibility({ visibilityProperty: true })) continue;
    const box = text.getBoundingClientRect();
    if (box.width === 0) continue;
    count += 1;
    // Across the words, as what is behind them may change.
    const ratios = [0.1, 0.5, 0.9].map((part) => {
      const point = new DOMPoint(box.x + box.width * part, box.y + box.height / 2);
      const [behind, words] = painted(svg, point, text, ground);
      const [high, low] = [luminance(behind), luminance(words)].sort((a, b) => b - a);
      return (high + 0.05) / (low + 0.05);
    });
    const ratio = Math.min(...ratios);
    if (ratio < least) found.push(`${ratio.toFixed(2)} to 1: ${text.getAttribute('class') ?? ''} “${text.textContent}” in ${text.parentElement.getAttribute('class') ?? text.parentElement.dataset.part ?? ''}`);
  }
  return { found, count };
};

await run(async (browser) => {
  must(url, 'usage: node contrast.mjs URL - [STATE]');
  const { page, context, troubles } = await open(browser, url);
  await context.addInitScript(() => { if (location.protocol !== 'about:') localStorage.clear(); });
  const states = [...SCREENS.filter(({ name }) => STATES.includes(name)), ...MORE];
  must(states.length === STATES.length + MORE.length, 'every state is a screen');
  const [found, counts] = [[], []];
  for (const state of states.filter(({ name }) => !only || name === only)) {
    await show(page, url, state);
    for (const [theme, system, least] of THEMES) {
      await page.evaluate(([theme, system]) => {
        document.documentElement.dataset.theme = theme;
        document.documentElement.style.colorScheme = system;
      }, [theme, system]);
      const looked = await page.evaluate(faint, least);
      counts.push(looked.count);
      found.push(...looked.found.map((words) => `${state.name}, ${theme} ${system}: ${words}`));
    }
    await state.close?.(page);
  }
  must(counts.filter((count) => count > 0).length > counts.length * 0.9, `words were looked at: ${counts}`);
  // A word that is too faint is found: the test would see one.
  await page.evaluate(() => { document.querySelector('#canvas .title, #canvas text').style.fill = getComputedStyle(document.body).backgroundColor; });
  must(only || (await page.evaluate(faint, 4.5)).found.length > 0, 'a faint word is seen');
  must(troubles.length === 0, troubles.join('\n'));
  must(found.length === 0, `${found.length} faint words\n${[...new Set(found)].join('\n')}`);
});
