/** A new account while it is being filled in: what is wrong with it, before it is sent and after. */
import { ApiError } from '@/api/http';
import type { Problem } from './problem';
import { emailProblem, passwordProblem, usernameProblem } from './rules';

export type Account = { email: string; username: string; password: string };
export type AccountErrors = Partial<Record<keyof Account, Problem>>;

export const emptyAccount: Account = { email: '', username: '', password: '' };

/** accountProblems lists what is wrong before sending; undefined when nothing is. */
export function accountProblems(
  account: Account,
  config: Readonly<Record<string, string | undefined>>,
): AccountErrors | undefined {
  const email = emailProblem(account.email);
  const username = usernameProblem(account.username);
  const password = passwordProblem(config, account.password);
  if (!email && !username && !password) return undefined;
  return {
    ...(email && { email }),
    ...(username && { username }),
    ...(password && { password }),
  };
}

/** refusedField puts the server's refusal beside the field that it is about; undefined when it is about none. */
export function refusedField(error: unknown): AccountErrors | undefined {
  if (!(error instanceof ApiError)) return undefined;
  const words = { words: error.message };
  if (/username|reserved/.test(error.id)) return { username: words };
  if (/email_exists|is_valid\.email|accepted_domain|bad_token_email/.test(error.id)) return { email: words };
  if (/is_valid\.pwd/.test(error.id)) return { password: words };
  return undefined;
}
