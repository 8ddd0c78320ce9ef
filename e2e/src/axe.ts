import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';

export type Scheme = 'light' | 'dark';

/** inScheme shows the page in a colour scheme: the client follows the system unless somebody has chosen a theme. */
export async function inScheme(page: Page, scheme: Scheme): Promise<void> {
  await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
  await expect(page.locator('html')).toHaveAttribute('data-theme', scheme);
  // Chromium takes a frame or two until a list of choices has the colour of its new theme.
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
}

/** look keeps a picture in results/look when E2E_LOOK asks for them: every screen of the journeys, to look at. */
async function look(page: Page, name: string): Promise<void> {
  if (!process.env.E2E_LOOK) return;
  await page.screenshot({ path: `results/look/${name.replace(/[^a-z0-9]+/gi, '-')}.png`, animations: 'disabled' });
}

/**
 * accessible fails when axe finds anything wrong with the page as it is, in either theme, or with one part of it: an
 * open menu stands outside of the page's landmarks, with the library's keepers of the focus around it.
 */
export async function accessible(page: Page, screen: string, part?: string): Promise<void> {
  if (!part) await expect(page.getByRole('heading').first()).toBeVisible();
  for (const scheme of ['light', 'dark'] as const) {
    await test.step(`axe: ${screen}, ${scheme}`, async () => {
      await inScheme(page, scheme);
      await look(page, `${screen} ${scheme}`);
      const axe = new AxeBuilder({ page }).setLegacyMode(true);
      if (part) axe.include(part).disableRules(['region']);
      // Only colours differ between the themes.
      if (scheme === 'dark') axe.withRules(['color-contrast', 'link-in-text-block']);
      const { violations } = await axe.analyze();
      const found = violations.flatMap((v) =>
        v.nodes.map((n) => `${v.id}: ${n.target.join(' ')}: ${n.failureSummary}`),
      );
      expect(found, `${screen} in the ${scheme} theme`).toEqual([]);
    });
  }
}

/** plain is accessible() for pages that the server writes, which follow the system's colours by themselves. */
export async function plain(page: Page, screen: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await look(page, `${screen} ${colorScheme}`);
    const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
    const found = violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target.join(' ')}: ${n.failureSummary}`));
    expect(found, `${screen} in ${colorScheme}`).toEqual([]);
  }
}
