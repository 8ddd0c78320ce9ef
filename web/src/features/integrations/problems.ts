import type { Translate } from '@/i18n/text';
import { isAddress } from './words';

/** addressProblem says what is wrong with an address that a program is to be called at; undefined when nothing is. */
export function addressProblem(t: Translate, text: string): string | undefined {
  const address = text.trim();
  if (address === '') return t('integrations.noAddress');
  return isAddress(address) ? undefined : t('integrations.notAddress', { text: address });
}
