// node shots.mjs URL FOLDER [SCREEN…]
// Takes pictures for a person to look at, as small as they can be read: those that are kept as references, or of the named screens all looks.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { must, open, run } from './open.mjs';
import { SCREENS, show, turn } from './screens.mjs';
import { small } from './small.mjs';

const [url, folder, ...names] = process.argv.slice(2);
const WIDE = { width: 1440, height: 900 };
/** The windows, and how much smaller their pictures are. */
const SIZES = { wide: [WIDE, 0.6], narrow: [{ width: 320, height: 640 }, 1], huge: [{ width: 3840, height: 2160 }, 0.25] };
/** What is kept: size, theme and language, and its screens. */
const KEPT = {
  'wide-light-en': ['start', 'drawing', 'walk', 'views-1'],
  'wide-dark-en': ['external', 'wizard'],
  'wide-contrast-en': ['drawing'],
  'wide-light-zh': ['findings', 'palette'],
  'wide-dark-zh': ['file'],
  'narrow-light-en': ['outline'],
  'narrow-dark-zh': ['cluster'],
  'huge-light-en': ['external'],
};

await run(async (browser) => {
  must(url && folder, 'usage: node shots.mjs URL FOLDER [SCREEN…]');
  await mkdir(folder, { recursive: true });
  for (const [look, kept] of Object.entries(KEPT)) {
    const [size, theme, lang] = look.split('-');
    const [viewport, deviceScaleFactor] = SIZES[size];
    const address = `${url}?lang=${lang}&theme=${theme}`;
    const { page, context, troubles } = await open(browser, address, { viewport: WIDE, deviceScaleFactor, reducedMotion: 'reduce' });
    await context.addInitScript(() => { if (location.protocol !== 'about:') localStorage.clear(); });
    for (const screen of SCREENS.filter(({ name }) => (names.length === 0 ? kept : names).includes(name))) {
      await page.setViewportSize(WIDE);
      await show(page, address, screen);
      await page.setViewportSize(viewport);
      await turn(page, screen);
      await writeFile(join(folder, `${screen.name}-${look}.png`), await small(page, await page.screenshot()));
    }
    must(troubles.length === 0, troubles.join('\n'));
    await context.close();
  }
});
