/** The way into the pages of integrations: their words come with them. */
import { integrationTexts } from '@/i18n/locale';
import { Integrations } from './Integrations';

/** ready resolves to the pages once their words are there. It rejects when they can't be loaded. */
export async function ready(): Promise<typeof Integrations> {
  await integrationTexts();
  return Integrations;
}
