/** What administrators ask and change. Routes below `/parley` are Parley's own. */
import type { Team } from '@mattermost/types/teams';
import type { UserProfile } from '@mattermost/types/users';
import { apiUrl, del, get, post, put } from './http';
import type { Ok, Session } from './users';

/** Setting is one setting with where its value comes from. Secrets are masked. */
export type Setting = {
  key: string;
  type: string;
  allowed?: string;
  value: unknown;
  default: unknown;
  /** What it is again after a reset. */
  below: unknown;
  layer: 'default' | 'file' | 'console' | 'environment';
  /** The file or the variable that says so. */
  source?: string;
  env: string;
  who?: string;
  /** When it was changed in the console, in milliseconds since 1970. */
  at?: number;
  secret?: boolean;
  locked?: boolean;
  restart?: boolean;
};
/** SettingsChange is a change of the past. A value that is absent is that of the layer below. */
export type SettingsChange = {
  id: string;
  key: string;
  old?: unknown;
  new?: unknown;
  secret?: boolean;
  at: number;
  who?: string;
  username?: string;
};

export const getSettings = (): Promise<Setting[]> => get('/parley/settings');
/** patchSettings changes what a tree of sections names. */
export const patchSettings = (tree: Record<string, unknown>): Promise<unknown> => put('/config/patch', tree);
export const resetSettings = (keys: string[]): Promise<Ok> => post('/parley/settings/reset', { keys });
export const getSettingsHistory = (limit: number): Promise<SettingsChange[]> =>
  get('/parley/settings/history', { limit });
/** rollbackSettings takes one change back, or all since a moment in milliseconds. */
export const rollbackSettings = (what: { id: string } | { since: number }): Promise<Ok> =>
  post('/parley/settings/rollback', what);

/** The tests take the values of a form that isn't saved yet. */
export const testMail = (tree: Record<string, unknown>): Promise<Ok> => post('/email/test', tree);
export const testFiles = (tree: Record<string, unknown>): Promise<Ok> => post('/file/s3_test', tree);
export const testSiteUrl = (url: string): Promise<Ok> => post('/site_url/test', { site_url: url });

export type Counts = {
  users: Record<string, number>;
  teams: Record<string, number>;
  channels: Record<string, number>;
  active: Record<string, number>;
  posts: number;
};
export type Reminder = { id: string; urgent?: boolean; count?: number };
/** Overview is what there is and what there is to do. Sizes are in bytes, moments in milliseconds since 1970. */
export type Overview = {
  version: string;
  host: string;
  engine: 'sqlite' | 'postgres';
  database_version: string;
  database_bytes: number;
  started_at: number;
  memory_bytes: number;
  sockets: number;
  files_bytes: number;
  room_free: number;
  room_all: number;
  last_backup: number;
  counts: Counts;
  reminders: Reminder[];
};
export const getOverview = (): Promise<Overview> => get('/parley/overview');
/** getFigures counts by day, the newest first: `name` is a day such as 2026-03-09. */
export const getFigures = (name: string): Promise<{ name: string; value: number }[]> =>
  get('/analytics/old', { name, team_id: '' });

export type PeopleFilter = { role?: string; inactive?: boolean; active?: boolean; without_team?: boolean };
export const listPeople = (filter: PeopleFilter, page: number, perPage: number): Promise<UserProfile[]> =>
  get('/users', { ...filter, page, per_page: perPage });
export const searchPeople = (term: string, filter: PeopleFilter): Promise<UserProfile[]> =>
  post('/users/search', {
    term,
    limit: 100,
    allow_inactive: filter.active !== true,
    ...(filter.role && { role: filter.role }),
    ...(filter.without_team && { without_team: true }),
  });
export type NewPerson = { username: string; email: string; password: string };
export const createPerson = (person: NewPerson): Promise<UserProfile> => post('/users', person);
export const setActive = (id: string, active: boolean): Promise<Ok> => put(`/users/${id}/active`, { active });
export const setRoles = (id: string, roles: string): Promise<Ok> => put(`/users/${id}/roles`, { roles });
export const setPassword = (id: string, password: string): Promise<Ok> =>
  put(`/users/${id}/password`, { new_password: password });
export const patchPerson = (id: string, patch: Record<string, string>): Promise<UserProfile> =>
  put(`/users/${id}/patch`, patch);
export const endMfa = (id: string): Promise<Ok> => put(`/users/${id}/mfa`, { activate: false, code: '' });
export const verifyMail = (id: string): Promise<UserProfile> => post(`/users/${id}/email/verify/member`);
/** Lock is how far wrong passwords have closed an account: `most` of them do. */
export type Lock = { failed: number; most: number; locked: boolean };
export const getLock = (id: string): Promise<Lock> => get(`/parley/users/${id}/lock`);
/** unlock forgets the wrong passwords. */
export const unlock = (id: string): Promise<Ok> => post(`/users/${id}/reset_failed_attempts`);
export const makeGuest = (id: string): Promise<Ok> => post(`/users/${id}/demote`);
export const makeMember = (id: string): Promise<Ok> => post(`/users/${id}/promote`);
export const getSessionsOf = (id: string): Promise<Session[]> => get(`/users/${id}/sessions`);
export const endSessionOf = (id: string, session: string): Promise<Ok> =>
  post(`/users/${id}/sessions/revoke`, { session_id: session });
export const endSessionsOf = (id: string): Promise<Ok> => post(`/users/${id}/sessions/revoke/all`);
export const endAllSessions = (): Promise<Ok> => post('/users/sessions/revoke/all');
export const getTeamsOf = (id: string): Promise<Team[]> => get(`/users/${id}/teams`);

export type TeamPage = { teams: Team[]; total_count: number };
export const listAllTeams = (page: number, perPage: number): Promise<TeamPage> =>
  get('/teams', { page, per_page: perPage, include_total_count: true });
export const searchTeams = (term: string, page: number, perPage: number): Promise<TeamPage> =>
  post('/teams/search', { term, page, per_page: perPage });
export const restoreTeam = (id: string): Promise<Team> => post(`/teams/${id}/restore`);

export type ListedChannel = {
  id: string;
  name: string;
  display_name: string;
  type: string;
  team_display_name: string;
  total_msg_count: number;
  last_post_at: number;
  delete_at: number;
};
export type ChannelPage = { channels: ListedChannel[]; total_count: number };
export const searchAllChannels = (
  term: string,
  deleted: boolean,
  page: number,
  perPage: number,
): Promise<ChannelPage> =>
  post('/channels/search', { term, page, per_page: perPage, include_deleted: deleted, deleted });

export type Role = {
  id: string;
  name: string;
  display_name: string;
  description: string;
  permissions: string[];
  built_in: boolean;
};
export const getRoles = (): Promise<Role[]> => get('/roles');
export const patchRole = (id: string, permissions: string[]): Promise<Role> =>
  put(`/roles/${id}/patch`, { permissions });

export type Job = {
  id: string;
  type: string;
  create_at: number;
  start_at: number;
  last_activity_at: number;
  status: string;
  progress: number;
  data: Record<string, string> | null;
};
/** getJobs answers nothing at all when there are none. */
export const getJobs = async (page: number, perPage: number): Promise<Job[]> =>
  (await get<Job[] | null>('/jobs', { page, per_page: perPage })) ?? [];
export const startJob = (type: string): Promise<Job> => post('/jobs', { type });
export const cancelJob = (id: string): Promise<Ok> => post(`/jobs/${id}/cancel`);

/** Archive is a backup; one with `since` needs those that were made from then on. */
export type Archive = { name: string; size: number; taken: number; since: number };
export type Shelf = { place: string; archives: Archive[]; problem?: string; jobs: Job[] };
export const getBackups = (): Promise<Shelf> => get('/parley/backups');
export const startBackup = (): Promise<Job> => post('/parley/backups');
export const removeBackup = (name: string): Promise<Ok> => del(`/parley/backups/${encodeURIComponent(name)}`);

/** LogLine is a line of the log: what each holds beside these depends on what happened. */
export type LogLine = { timestamp?: string; level?: string; msg?: string } & Record<string, unknown>;
export const queryLogs = async (levels: string[], page: number, perPage: number): Promise<LogLine[]> =>
  Object.values(
    await post<Record<string, LogLine[]>>('/logs/query', { log_levels: levels }, { page, logs_per_page: perPage }),
  ).flat();
export const logsUrl = (): string => apiUrl('/logs/download');
export const supportPacketUrl = (): string => apiUrl('/system/support_packet');

export type AuditLine = {
  id: string;
  create_at: number;
  user_id: string;
  action: string;
  extra_info: string;
  ip_address: string;
};
export const getAudits = (page: number, perPage: number): Promise<AuditLine[]> =>
  get('/audits', { page, per_page: perPage });

/** ChainReport says whether the audit trail is what was written; `broken` is the first entry that isn't. */
export type ChainReport = {
  lines: number;
  removed: number;
  before: number;
  head: string;
  broken?: string;
  broken_n?: number;
  from: number;
  to: number;
};
export const checkAudits = (): Promise<ChainReport> => get('/parley/audit/check');
export const auditsUrl = (): string => apiUrl('/parley/audit/export');

export type Terms = { id: string; text: string; create_at: number };
export const getTerms = (): Promise<Terms> => get('/terms_of_service');
export const saveTerms = (text: string): Promise<Terms> => post('/terms_of_service', { text });

export const getLatestVersion = (): Promise<{ tag_name: string; html_url: string }> => get('/latest_version');
export const restartServer = (): Promise<Ok> => post('/restart');
export const invalidateCaches = (): Promise<Ok> => post('/caches/invalidate');

/** ClusterNode is a server that serves the same people. */
export type ClusterNode = { id: string; version: string; hostname: string; ipaddress: string; config_hash: string };
/** getNodes lists none for a server that is alone. */
export const getNodes = (): Promise<ClusterNode[]> => get('/cluster/status');

/** brandImageUrl is the picture of the site; `again` changes when it was changed here. */
export const brandImageUrl = (again = 0): string => apiUrl('/brand/image', again ? { again } : undefined);
export const uploadBrandImage = (file: Blob): Promise<Ok> => {
  const form = new FormData();
  form.append('image', file);
  return post('/brand/image', form);
};
export const removeBrandImage = (): Promise<Ok> => del('/brand/image');
