// node keyboard.mjs URL FOLDER
// By keys alone: draws the system of every template from the empty drawing, in at most fifteen actions, looks at the findings, and exports
// the bundle as FOLDER/<template>.zip. The mouse is never used.
import { join } from 'node:path';
import { drawn, exportTo, must, open, run } from './open.mjs';

const [url, folder] = process.argv.slice(2);
const ACTIONS_MAX = 15;

/** Puts the focus somewhere by Tab, which has to show it there. */
const reach = (selector) => async (page) => {
  for (let pressed = 0; pressed < 120; pressed++) {
    if (await page.evaluate((selector) => document.activeElement.matches(selector), selector)) {
      const seen = await page.evaluate(() => {
        const inner = document.activeElement.querySelector(':scope > .row') ?? document.activeElement;
        return [inner, document.activeElement].some((element) => getComputedStyle(element).outlineStyle !== 'none');
      });
      must(seen, `the focus shows on ${selector}`);
      return;
    }
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab does not lead to ${selector}`);
};
/** Goes through the parts of the page by F6 until the focus is where the selector says. */
const part = (selector) => async (page) => {
  for (let pressed = 0; pressed <= 5; pressed++) {
    if (await page.evaluate((selector) => document.activeElement.matches(selector), selector)) return;
    await page.keyboard.press('F6');
  }
  throw new Error(`F6 does not lead to ${selector}`);
};
const press = (...keys) => async (page) => { for (const key of keys) await page.keyboard.press(key); };
const tree = part('[role=treeitem][aria-selected=true]');
/** Goes to a line of the outline by its name. */
const select = (name) => async (page) => {
  await tree(page);
  await page.keyboard.press('Home');
  for (let pressed = 0; pressed < 60; pressed++) {
    await drawn(page);
    const label = await page.evaluate(() => [document.activeElement.ariaLevel, document.activeElement.querySelector('.label').textContent].join(' '));
    if (label === `3 ${name}`) return;
    await page.keyboard.press('ArrowDown');
  }
  throw new Error(`the arrow keys do not lead to ${name}`);
};
const type = (selector, words) => async (page) => {
  await reach(selector)(page);
  await page.keyboard.press('Control+a');
  await page.keyboard.type(words);
  await page.keyboard.press('Enter');
};
const rename = (words) => async (page) => {
  await page.keyboard.press('F2');
  await page.waitForFunction(() => document.activeElement.id === 'name');
  await page.keyboard.press('Control+a');
  await page.keyboard.type(words);
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
};
/** Chooses in a list by the first letters of the words. */
const choose = (selector, words) => async (page) => {
  await reach(selector)(page);
  await page.keyboard.type(words);
  await press('Escape')(page);
};

const unfold = (selector) => async (page) => {
  await reach(`${selector} > summary`)(page);
  if (!(await page.locator(selector).evaluate((group) => group.open))) await page.keyboard.press('Enter');
};

const two = [press('n'), press('c'), press('c')];
const twoNetworks = [press('n'), press('c'), press('n'), press('c')];
/** Draws an arrow from the selected cluster to another, in the outline. */
const link = (to) => [press('l'), select(to), press('Enter')];
/** A control plane outside every network, and a first remote, which keeps its configuration. */
const outside = [press('n'), press('c'), rename('external'), press('c'), choose('#role', 'remote'), select('external'), press('p')];

/** What is done for each template; one entry is one action. */
const RECIPES = {
  single: [press('n'), press('c')],
  'multi-primary-multi-network': twoNetworks,
  'multi-primary': two,
  'primary-remote-multi-network': [...twoNetworks, choose('#role', 'remote')],
  'primary-remote': [...two, choose('#role', 'remote')],
  'external-two-remotes': [...outside, press('n'), press('c'), ...link('external')],
  'external-ip': outside,
  'external-dns': [...outside, choose('#entry', 'host'), type('#entry-host', 'myhost.example.com'), type('#entry-credential', 'myhost-example-credential')],
  'ingress-egress': [...outside, select('cluster1'), press('g'), press('Shift+G'), part('#tab-selected'), unfold('#group-gateways'), choose('#egress-installer', 'helm')],
  'shared-control-plane': [...twoNetworks, choose('#role', 'remote'), tree, press('Home'), press('Enter'), type('#version', '1.5')],
};

await run(async (browser) => {
  must(url && folder, 'usage: node keyboard.mjs URL FOLDER');
  const { page, troubles } = await open(browser, url);
  const templates = await page.locator('.cards').first().locator('.card-button').evaluateAll((cards) => cards.map((card) => card.id));
  for (const template of templates.filter((name) => !process.env.ONLY || name === process.env.ONLY)) {
    const recipe = RECIPES[template];
    must(recipe, `nobody has said by which keys ${template} is drawn`);
    must(recipe.length <= ACTIONS_MAX, `${template} takes ${recipe.length} actions`);
    await reach('#blank')(page);
    await press('Enter')(page);
    await page.locator('#change', { hasText: 'empty' }).waitFor();
    for (const action of recipe) {
      await action(page);
      // Nobody's next action comes before they have seen what this one did.
      await drawn(page);
    }
    // Checked: the findings are reached, and none is an error.
    const drawing = async () => [await page.locator('#finding-count').innerText(), await page.locator('.tree').innerText()].join('\n');
    await page.locator('#finding-count:not(.error)').waitFor()
      .catch(async () => { throw new Error(`${template} ends in another drawing: ${await drawing()}`); });
    await part('#finding-count')(page);
    await press('Enter')(page);
    await page.locator('#tab-findings[aria-selected=true]').waitFor();
    await exportTo(page, join(folder, `${template}.zip`));
    await reach('#templates')(page);
    await press('Enter')(page);
    await page.locator('.start').waitFor();
  }
  must(troubles.length === 0, troubles.join('\n'));
});
