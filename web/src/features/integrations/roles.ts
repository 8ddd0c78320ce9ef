/** The roles of bots, as the one question that people have: how far does it reach? */

/** Reach is where a bot may post: where it is a member, in all public channels, in all channels, and doing everything. */
export type Reach = 'member' | 'public' | 'everywhere' | 'admin';

export const botReaches: readonly Reach[] = ['member', 'public', 'everywhere', 'admin'];

const roleOf: Record<Reach, string> = {
  member: '',
  public: 'system_post_all_public',
  everywhere: 'system_post_all',
  admin: 'system_admin',
};

/** reachOf reads an account's roles: the one that reaches furthest counts. */
export function reachOf(roles: string): Reach {
  const held = roles.split(' ');
  return [...botReaches].reverse().find((reach) => held.includes(roleOf[reach])) ?? 'member';
}

/** rolesOf are an account's roles with another reach; roles that are about something else stay. */
export function rolesOf(roles: string, reach: Reach): string {
  const rest = roles.split(' ').filter((role) => role !== '' && !Object.values(roleOf).includes(role));
  if (!rest.includes('system_user')) rest.unshift('system_user');
  return [...rest, roleOf[reach]].filter(Boolean).join(' ');
}
