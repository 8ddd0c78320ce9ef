/** The rules of the server for names, addresses and passwords, told while one types. The server has the last word. */
import type { TextId } from '@/i18n/text';

type Config = Readonly<Record<string, string | undefined>>;

/** PasswordRule is one condition of a password, and whether it is met. */
export type PasswordRule = { kind: 'length' | 'lower' | 'upper' | 'number' | 'symbol'; met: boolean };

const symbols = ' !"\\#$%&\'()*+,-./:;<=>?@[]^_`|~';
/** Longer passwords are refused. */
export const passwordMostBytes = 72;

/** passwordLeast is the number of characters that a password must have. */
export const passwordLeast = (config: Config): number => Number(config.PasswordMinimumLength) || 8;

/** passwordRules lists what the server asks of a password. */
export function passwordRules(config: Config, password: string): PasswordRule[] {
  const asked = (key: string) => config[`PasswordRequire${key}`] === 'true';
  const rules: PasswordRule[] = [{ kind: 'length', met: [...password].length >= passwordLeast(config) }];
  if (asked('Lowercase')) rules.push({ kind: 'lower', met: /[a-z]/.test(password) });
  if (asked('Uppercase')) rules.push({ kind: 'upper', met: /[A-Z]/.test(password) });
  if (asked('Number')) rules.push({ kind: 'number', met: /[0-9]/.test(password) });
  if (asked('Symbol')) rules.push({ kind: 'symbol', met: [...password].some((letter) => symbols.includes(letter)) });
  return rules;
}

/** passwordProblem says what is wrong with a password as a whole; undefined when it may be sent. */
export function passwordProblem(config: Config, password: string): TextId | undefined {
  if (password === '') return 'signin.password.missing';
  if (new TextEncoder().encode(password).length > passwordMostBytes) return 'signin.password.long';
  return passwordRules(config, password).every((rule) => rule.met) ? undefined : 'signin.password.weak';
}

const reservedUsernames = ['all', 'channel', 'matterbot', 'system', 'here'];

/** usernameProblem says what is wrong with a username; undefined when it may be sent. */
export function usernameProblem(name: string): TextId | undefined {
  if (name === '') return 'signin.username.missing';
  if (!/^[a-z0-9._-]{1,64}$/.test(name)) return 'signin.username.letters';
  return reservedUsernames.includes(name) ? 'signin.username.reserved' : undefined;
}

/** emailProblem says what is wrong with an address; undefined when it may be sent. */
export function emailProblem(email: string): TextId | undefined {
  if (email.trim() === '') return 'signin.email.missing';
  return /^[^\s@"<>(),;:\\[\]]+@[^\s@"<>(),;:\\[\]]+$/.test(email.trim()) && email.trim().length <= 128
    ? undefined
    : 'signin.email.form';
}

/** suggestUsername makes a username of the part of an address before the @; empty when nothing is left. */
export function suggestUsername(email: string): string {
  const name = plain(email.split('@')[0] ?? '')
    .replace(/\+.*$/, '')
    .replace(/[^a-z0-9._-]+/g, '-');
  const trimmed = name.replace(/^[-._]+|[-._]+$/g, '').slice(0, 64);
  return usernameProblem(trimmed) ? '' : trimmed;
}

// Addresses of the server that a team's would hide.
const reservedTeams =
  /^(admin|api|channel|claim|error|files|help|landing|login|mfa|oauth|plug|post|signup|boards|playbooks)/;

/** teamNameProblem says what is wrong with a team's part of the address; undefined when it may be sent. */
export function teamNameProblem(name: string): TextId | undefined {
  if (name === '') return 'signin.team.address.missing';
  if (name.length < 2 || name.length > 64) return 'signin.team.address.size';
  if (!/^[a-z0-9]+([a-z0-9-]+|__)?[a-z0-9]+$/.test(name)) return 'signin.team.address.letters';
  return reservedTeams.test(name) ? 'signin.team.address.reserved' : undefined;
}

/** suggestTeamName makes a team's part of the address of its name; empty when the name has no such letters. */
export function suggestTeamName(displayName: string): string {
  const name = plain(displayName)
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 64)
    .replace(/-+$/, '');
  if (name === '') return '';
  if (name.length < 2 || reservedTeams.test(name)) return `team-${name}`.slice(0, 64);
  return name;
}

/** plain is a text in lower case without accents. */
function plain(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/ß/g, 'ss')
    .replace(/[œŒ]/g, 'oe')
    .replace(/[æÆ]/g, 'ae')
    .replace(/[øØ]/g, 'o')
    .toLowerCase();
}
