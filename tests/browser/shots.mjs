// node shots.mjs URL FOLDER [SCREEN…]
// Takes pictures of every screen, or of those that are named, for a person to look at: wide and narrow, in every theme, English and Chinese.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { must, open, run } from './open.mjs';
import { SCREENS, show, turn } from './screens.mjs';

const [url, folder, ...names] = process.argv.slice(2);
const SIZES = { wide: { width: 1440, height: 900 }, narrow: { width: 320, height: 640 }, huge: { width: 3840, height: 2160 } };
/** Which of the looks are taken: size, theme, language. */
const LOOKS = (process.env.LOOKS ?? 'wide-light-en wide-dark-zh wide-contrast-en narrow-light-en narrow-dark-zh').split(' ').map((look) => look.split('-'));

await run(async (browser) => {
  must(url && folder, 'usage: node shots.mjs URL FOLDER [SCREEN…]');
  await mkdir(folder, { recursive: true });
  for (const [size, theme, lang] of LOOKS) {
    const address = `${url}?lang=${lang}&theme=${theme}`;
    const { page, context, troubles } = await open(browser, address, { viewport: SIZES.wide, reducedMotion: 'reduce' });
    await context.addInitScript(() => { if (location.protocol !== 'about:') localStorage.clear(); });
    for (const screen of SCREENS.filter(({ name }) => names.length === 0 || names.includes(name))) {
      await page.setViewportSize(SIZES.wide);
      await show(page, address, screen);
      await page.setViewportSize(SIZES[size]);
      await turn(page, screen);
      await page.screenshot({ path: join(folder, `${screen.name}-${size}-${theme}-${lang}.png`) });
    }
    must(troubles.length === 0, troubles.join('\n'));
    await context.close();
  }
});
