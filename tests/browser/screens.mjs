// Every screen and dialog of the planner, and the way to each from an empty browser. What looks at all of them goes by this list:
// the journey of accessibility and overflow, and the pictures for a person to look at.
import { drawn } from './open.mjs';

const row = (page, level, at = 0) => page.locator(`[role=treeitem][aria-level="${level}"] > .row`).nth(at).click();
const part = (page, words) => page.locator('[role=treeitem][aria-level="4"] > .row', { hasText: words }).first().click();
const palette = async (page, typed) => {
  await page.keyboard.press('Control+k');
  await page.locator('#palette').fill(typed);
};
const file = (page, name, text) => page.locator('#picker').setInputFiles({ name, mimeType: 'text/plain', buffer: Buffer.from(text) });
const broken = async (page) => {
  await row(page, 3, 1);
  await page.locator('#name').fill('Bad Name');
  await page.locator('#name').press('Enter');
  await page.locator('[data-finding]').first().waitFor();
};

/**
 * `from` is the template it begins with, none for the start screen. `at` is the view that a narrow window shows it in: 0 the outline,
 * 1 the drawing, 2 the details; none where it covers the page.
 */
export const SCREENS = [
  { name: 'start', open: async () => {} },
  { name: 'drafts', from: 'multi-primary', open: async (page) => { await page.waitForTimeout(400); await page.locator('#templates').click(); await page.locator('.drafts').waitFor(); } },
  {
    name: 'draft-deleted', from: 'multi-primary',
    open: async (page) => {
      await page.waitForTimeout(400);
      await page.locator('#templates').click();
      await page.locator('.drafts .danger').first().click();
      await page.locator('#restore').waitFor();
    },
  },
  { name: 'wizard', open: async (page) => { await page.locator('#wizard').click(); await page.locator('#wizard-makes').waitFor(); } },
  { name: 'blank', from: 'blank', at: 1, open: async () => {} },
  { name: 'drawing', from: 'primary-remote-multi-network', at: 1, open: async () => {} },
  { name: 'alone', from: 'external-two-remotes', at: 1, open: async (page) => { await page.locator('#canvas').focus(); await page.keyboard.press('f'); await page.locator('.app.alone').waitFor(); } },
  { name: 'outline', from: 'primary-remote-multi-network', at: 0, open: (page) => row(page, 3, 1) },
  { name: 'external', from: 'external-two-remotes', at: 1, open: (page) => row(page, 3, 0) },
  { name: 'mesh', from: 'primary-remote-multi-network', at: 2, open: (page) => row(page, 1) },
  { name: 'network', from: 'primary-remote-multi-network', at: 2, open: (page) => row(page, 2) },
  { name: 'cluster', from: 'primary-remote-multi-network', at: 2, open: (page) => row(page, 3, 1) },
  {
    name: 'reach', from: 'multi-primary-multi-network', at: 2,
    open: async (page) => {
      await row(page, 3, 1);
      for (const group of ['east-west', 'gateways', 'api', 'ranges']) await page.locator(`#group-${group} > summary`).click();
      await page.locator('#add-ingress').click();
      await page.locator('#add-egress').click();
      await page.locator('#expose').selectOption('nodePort');
    },
  },
  {
    name: 'many', from: 'external-two-remotes', at: 2,
    open: async (page) => { await page.locator('#canvas').focus(); await page.keyboard.press('Control+a'); await page.locator('#duplicate').waitFor(); },
  },
  {
    name: 'crowd', from: 'blank', at: 1,
    open: async (page) => {
      await page.locator('#canvas').focus();
      for (let at = 0; at < 16; at++) for (const key of at % 4 ? ['c'] : ['n', 'c']) await page.keyboard.press(key);
    },
  },
  { name: 'part', from: 'primary-remote-multi-network', at: 2, open: (page) => part(page, 'istiod') },
  { name: 'arrow', from: 'primary-remote-multi-network', at: 2, open: (page) => page.locator('[role=treeitem][aria-level="4"] > .row', { hasText: 'cluster' }).first().click() },
  { name: 'broken', from: 'multi-primary-multi-network', at: 2, open: broken },
  {
    name: 'findings', from: 'multi-primary-multi-network', at: 2,
    open: async (page) => { await broken(page); await page.locator('#finding-count').click(); await page.locator('[data-finding] .more > summary').first().click(); },
  },
  { name: 'no-findings', from: 'multi-primary', at: 2, open: (page) => page.locator('#tab-findings').click() },
  { name: 'files', from: 'multi-primary-multi-network', at: 2, open: (page) => page.locator('#tab-files').click() },
  {
    name: 'file', from: 'multi-primary-multi-network', at: 2,
    open: async (page) => { await page.locator('#tab-files').click(); await page.locator('.file-list .row', { hasText: 'istio.yaml' }).first().click(); },
  },
  { name: 'changes', from: 'multi-primary-multi-network', at: 2, open: async (page) => { await row(page, 3, 1); await page.keyboard.press('m'); await page.locator('#tab-changes').click(); } },
  {
    name: 'difference', from: 'multi-primary-multi-network', at: 2,
    open: async (page) => { await row(page, 3, 1); await page.keyboard.press('m'); await page.locator('#difference').click(); },
  },
  ...[1, 4].map((stop) => ({
    name: `tour-${stop}`,
    open: async (page) => { await page.locator('#tour-start').click(); for (let at = 1; at < stop; at++) await page.locator('#tour-next').click(); },
  })),
  { name: 'steps', from: 'primary-remote-multi-network', at: 2, open: (page) => page.locator('#tab-steps').click() },
  {
    name: 'walk', from: 'primary-remote-multi-network', at: 1,
    open: async (page) => { await page.locator('#walkthrough').click(); for (let step = 0; step < 6; step++) await page.keyboard.press('PageDown'); },
  },
  {
    name: 'walk-steps', from: 'primary-remote-multi-network', at: 2,
    open: async (page) => { await page.locator('#walkthrough').click(); for (let step = 0; step < 6; step++) await page.keyboard.press('PageDown'); },
  },
  { name: 'linking', from: 'multi-primary-multi-network', at: 1, open: async (page) => { await row(page, 3, 1); await page.keyboard.press('l'); await row(page, 3, 0); } },
  { name: 'palette', from: 'multi-primary', open: (page) => palette(page, '') },
  { name: 'palette-found', from: 'multi-primary', open: (page) => palette(page, 'cluster') },
  { name: 'palette-none', from: 'multi-primary', open: (page) => palette(page, 'zzqx') },
  { name: 'keys', from: 'multi-primary', open: async (page) => { await page.locator('#canvas').focus(); await page.keyboard.press('?'); } },
  ...['Shift+R', 'Shift+F', 'Shift+T', 'Shift+S', 'Shift+A'].map((key, at) => ({
    name: `views-${at + 1}`, from: 'external-two-remotes',
    open: async (page) => { await page.locator('#canvas').focus(); await page.keyboard.press(key); await page.locator('.overview').waitFor(); },
  })),
  { name: 'not-exported', from: 'multi-primary-multi-network', open: async (page) => { await broken(page); await page.locator('#export').click(); } },
  { name: 'refused', open: async (page) => { await file(page, 'broken.yaml', 'kind: Topology\nspec: {clusters: 3}\n'); await page.locator('[role=dialog]').waitFor(); } },
  { name: 'crashed', from: 'multi-primary', open: (page) => page.evaluate(() => { document.querySelector('#crashed').hidden = false; }) },
  { name: 'failed', open: (page) => page.evaluate(() => { document.querySelector('#failed').hidden = false; }) },
];

/** Brings a page to a screen, from nothing; what the last one kept is gone. */
export async function show(page, url, screen) {
  // A page may be hidden, and keep its drawing, when the next one has begun.
  await page.evaluate(() => { Storage.prototype.setItem = () => {}; });
  await page.goto('about:blank');
  await page.goto(url);
  await page.locator('.app').waitFor();
  if (screen.from) {
    await page.locator(`#${screen.from}`).click();
    await page.locator('#canvas').waitFor();
  }
  await screen.open(page);
  // What a worker makes is announced by words that fade in, and has to be there.
  await drawn(page);
  await page.locator('#busy').waitFor({ state: 'detached' });
}

/** Turns a narrow page to the view that the screen is in. */
export async function turn(page, screen) {
  const views = page.locator('.views button');
  if (screen.at !== undefined && (await views.first().isVisible())) await views.nth(screen.at).click();
}
