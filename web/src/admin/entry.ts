/** The way into the System Console: its words come with it. */
import { adminTexts } from '@/i18n/locale';
import { Console } from './Console';

/** ready resolves to the console once its words are there. It rejects when they can't be loaded. */
export async function ready(): Promise<typeof Console> {
  await adminTexts();
  return Console;
}
