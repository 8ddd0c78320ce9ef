import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { inScheme, type Scheme } from './axe.ts';

const folder = join(__dirname, '../../docs/screenshots');

/** shot writes a picture for the documentation when E2E_SHOTS asks for pictures, so that a test leaves no traces. */
export async function shot(page: Page, name: string, scheme: Scheme = 'light'): Promise<void> {
  if (!process.env.E2E_SHOTS) return;
  await inScheme(page, scheme);
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path: `${folder}/${name}.png`, animations: 'disabled', caret: 'hide' });
}
