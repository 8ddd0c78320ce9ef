/** The roles of the system that one person holds beside being a member. */

export const systemRoles = [
  'system_user',
  'system_admin',
  'system_manager',
  'system_user_manager',
  'system_read_only_admin',
  'system_custom_group_admin',
] as const;
export type SystemRole = (typeof systemRoles)[number];

/** roleOf is the role that says most about somebody: the ones above `system_user`, or guest. */
export function roleOf(roles: string): SystemRole | 'system_guest' {
  const held = roles.split(' ');
  if (held.includes('system_guest')) return 'system_guest';
  return systemRoles.find((role) => role !== 'system_user' && held.includes(role)) ?? 'system_user';
}

/** withRole is what a person's roles are once they have another of these; others, such as those for tokens, stay. */
export function withRole(roles: string, role: SystemRole): string {
  const kept = roles.split(' ').filter((one) => one && !systemRoles.some((known) => known === one));
  return [...new Set(['system_user', role, ...kept])].join(' ');
}
