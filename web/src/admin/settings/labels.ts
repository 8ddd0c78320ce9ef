/** The words for settings. */
import type { TextId, Translate } from '@/i18n/text';
import { type SettingKey, sheets } from './sheets';

const known = new Set<string>(sheets.flatMap((sheet) => sheet.keys));

export const isShown = (key: string): key is SettingKey => known.has(key);

/** labelOf names a setting; one that the console doesn't show by its technical name. */
export const labelOf = (t: Translate, key: string): string => (isShown(key) ? t(`admin.set.${key}`) : key);

const hintId = (key: SettingKey): TextId => `admin.hint.${key}` as TextId;

/** hintOf is a sentence about a setting, if there is one. */
export function hintOf(t: Translate, key: SettingKey, hinted: ReadonlySet<string>): string | undefined {
  return hinted.has(key) ? t(hintId(key)) : undefined;
}
