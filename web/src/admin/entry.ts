/** The way into the System Console: its words come with it. */
import { adminTexts, integrationTexts } from '@/i18n/locale';
import { Console } from './Console';

/** ready resolves to the console once its words are there. It rejects when they can't be loaded. */
export async function ready(): Promise<typeof Console> {
  await Promise.all([adminTexts(), integrationTexts()]); // accounts turn into bots and back here, too
  return Console;
}
