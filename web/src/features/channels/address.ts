/** The last part of a channel's address: made from its name, and held to what the server takes. */
import type { TextId } from '@/i18n/text';
import { fold } from '@/markdown/marks';

/** The longest address, and the longest name, in characters. */
export const addressMost = 64;
export const nameMost = 64;
export const purposeMost = 250;
export const headerMost = 1024;

/**
 * addressFrom makes an address from a name: small letters without accents, digits, and hyphens. A name in other
 * scripts gives none; then it is made up from `random`.
 */
export function addressFrom(name: string, random: () => number = Math.random): string {
  const plain = fold(name.trim().toLowerCase())
    .replace(/ß/g, 'ss')
    .replace(/æ/g, 'ae')
    .replace(/œ/g, 'oe')
    .replace(/['’]/g, '')
    .replace(/[^a-z0-9_]+/g, '-')
    .replace(/^[-_]+|[-_]+$/g, '')
    .slice(0, addressMost);
  if (plain || !name.trim()) return plain;
  return `channel-${Math.floor(random() * 36 ** 6)
    .toString(36)
    .padStart(6, '0')}`;
}

/** typedAddress is what somebody types into the field for it, as far as it may stand there. */
export const typedAddress = (text: string): string =>
  fold(text.toLowerCase())
    .replace(/\s+/g, '-')
    .replace(/[^a-z0-9_-]/g, '')
    .slice(0, addressMost);

// Two ids with `__` between them are the names of direct channels.
const directName = /^[a-z0-9]{26}__[a-z0-9]{26}$/;
const allowed = /^[a-z0-9]+(?:[a-z0-9_-]+|(?:__)?)[a-z0-9]*$/;

/** addressProblem says what is wrong with an address; undefined for a good one. */
export function addressProblem(address: string): TextId | undefined {
  if (!address) return 'channels.address.empty';
  if (!allowed.test(address) || directName.test(address)) return 'channels.address.bad';
  return undefined;
}
