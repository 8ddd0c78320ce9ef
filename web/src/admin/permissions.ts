/** Which permissions roles are shown with, in groups that people understand. The rest is listed by name. */
import type { Role } from '@/api/admin';

const people = [
  'create_direct_channel',
  'create_group_channel',
  'create_custom_group',
  'edit_custom_group',
  'create_emojis',
  'delete_emojis',
  'delete_others_emojis',
  'create_team',
  'list_public_teams',
  'join_public_teams',
] as const;

const teams = [
  'invite_user',
  'add_user_to_team',
  'remove_user_from_team',
  'manage_team',
  'manage_team_roles',
  'invite_guest',
  'create_public_channel',
  'create_private_channel',
  'join_public_channels',
  'list_team_channels',
] as const;

const channels = [
  'manage_public_channel_properties',
  'manage_private_channel_properties',
  'manage_public_channel_members',
  'manage_private_channel_members',
  'delete_public_channel',
  'delete_private_channel',
  'convert_public_channel_to_private',
  'convert_private_channel_to_public',
  'manage_channel_roles',
] as const;

const messages = [
  'create_post',
  'upload_file',
  'add_reaction',
  'remove_reaction',
  'edit_post',
  'edit_others_posts',
  'delete_post',
  'delete_others_posts',
  'use_channel_mentions',
  'use_group_mentions',
] as const;

const integrations = [
  'manage_own_incoming_webhooks',
  'manage_own_outgoing_webhooks',
  'manage_own_slash_commands',
  'manage_oauth',
  'create_bot',
  'manage_bots',
  'create_user_access_token',
] as const;

const console = [
  'sysconsole_read_user_management_users',
  'sysconsole_write_user_management_users',
  'sysconsole_read_user_management_teams',
  'sysconsole_write_user_management_teams',
  'sysconsole_read_user_management_channels',
  'sysconsole_write_user_management_channels',
  'sysconsole_read_user_management_permissions',
  'sysconsole_write_user_management_permissions',
  'sysconsole_read_reporting_server_logs',
  'get_analytics',
  'manage_jobs',
] as const;

const all = { people, teams, channels, messages, integrations, console };
export type PermissionGroup = keyof typeof all;
export type KnownPermission = (typeof all)[PermissionGroup][number];

/** shownRoles are the roles that everybody's permissions come from, then those of administrators. */
export const shownRoles = [
  'system_user',
  'system_guest',
  'team_user',
  'team_guest',
  'team_admin',
  'channel_user',
  'channel_guest',
  'channel_admin',
  'system_manager',
  'system_user_manager',
  'system_read_only_admin',
  'system_custom_group_admin',
  'system_admin',
] as const;

// A role of a channel says nothing about teams: those permissions are asked for elsewhere.
const ofScope: Record<'system' | 'team' | 'channel', readonly PermissionGroup[]> = {
  system: ['people', 'teams', 'channels', 'messages', 'integrations', 'console'],
  team: ['teams', 'channels', 'messages', 'integrations'],
  channel: ['channels', 'messages'],
};

/** groupsOf are the groups that a role is shown with. */
export function groupsOf(role: string): { id: PermissionGroup; permissions: readonly KnownPermission[] }[] {
  const scope = role.startsWith('team') ? 'team' : role.startsWith('channel') ? 'channel' : 'system';
  return ofScope[scope].map((id) => ({ id, permissions: all[id] }));
}

/** otherPermissions are those of a role that none of its groups has. */
export function otherPermissions(role: Role): string[] {
  const known = new Set<string>(groupsOf(role.name).flatMap((group) => group.permissions));
  return role.permissions.filter((permission) => !known.has(permission)).sort();
}
