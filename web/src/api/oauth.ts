/** Applications that act for people by OAuth 2.0, and connections by which Parley gets tokens of others. */

import { del, get, post, put, request } from './http';
import { all } from './integrations';
import type { Ok } from './users';

export type OAuthApp = {
  id: string;
  creator_id: string;
  create_at: number;
  update_at: number;
  /** Empty for a public client, and for who may not see it. */
  client_secret: string;
  name: string;
  description: string;
  icon_url: string;
  callback_urls: string[] | null;
  homepage: string;
  is_trusted: boolean;
  is_dynamically_registered?: boolean;
};

export const getApps = (): Promise<OAuthApp[]> => all((page, per_page) => get('/oauth/apps', { page, per_page }));
/** isPublic tells of an application that one may manage whether it is a public client: it has no secret. */
export const isPublic = (app: OAuthApp): boolean => app.client_secret === '';
export const saveApp = (app: Partial<OAuthApp> & { is_public?: boolean }): Promise<OAuthApp> =>
  app.id ? put(`/oauth/apps/${app.id}`, app) : post('/oauth/apps', app);
export const removeApp = (id: string): Promise<Ok> => del(`/oauth/apps/${id}`);
export const renewApp = (id: string): Promise<OAuthApp> => post(`/oauth/apps/${id}/regen_secret`);

/** getAuthorizedApps lists the applications that one has let act in one's name. */
export const getAuthorizedApps = (): Promise<OAuthApp[]> =>
  all((page, per_page) => get('/users/me/oauth/apps/authorized', { page, per_page }));
export const withdrawApp = (id: string): Promise<Ok> =>
  request('POST', '/oauth/deauthorize', { body: { client_id: id }, beside: true });

/** Consent is what one is asked before an application may act in one's name. Its addresses are ones that the application registered. */
export type Consent = {
  app: OAuthApp;
  /** Nothing has to be asked: one goes on at once. */
  agreed: boolean;
  /** Where the application is told what is wrong with its request; empty when nothing is. */
  answer: string;
  /** Where it is told that one doesn't want to. */
  deny: string;
};

const asked = (search: string): Record<string, string> => Object.fromEntries(new URLSearchParams(search));

/** getConsent asks what a request of an application, as it stands in an address, is about. */
export const getConsent = (search: string): Promise<Consent> => get('/parley/oauth/consent', asked(search));
/** allowApp lets the application and returns the address at which it is told. */
export const allowApp = async (search: string): Promise<string> =>
  (await request<{ redirect: string }>('POST', '/oauth/authorize', { body: asked(search), beside: true })).redirect;

export type Connection = {
  id: string;
  creator_id: string;
  create_at: number;
  update_at: number;
  name: string;
  client_id?: string;
  /** Never answered, nor is the password: they are sent when they change. */
  client_secret?: string;
  credentials_username?: string;
  credentials_password?: string;
  oauth_token_url: string;
  grant_type: 'client_credentials' | 'password';
  audiences: string[] | null;
};

const connections = '/oauth/outgoing_connections';
/** Connections belong to the server; the team is the one in which one asks. */
export const getConnections = (teamId: string): Promise<Connection[]> =>
  all((page, per_page) => get(connections, { team_id: teamId, page, per_page }));
/** getServing returns the connection whose token the calls of an address carry. */
export const getServing = async (teamId: string, audience: string): Promise<Connection | undefined> =>
  (await get<Connection[]>(connections, { team_id: teamId, audience }))[0];
export const saveConnection = (teamId: string, one: Partial<Connection>): Promise<Connection> =>
  one.id
    ? request('PUT', `${connections}/${one.id}`, { query: { team_id: teamId }, body: one })
    : post(connections, one, { team_id: teamId });
/** validateConnection asks the other server for a token with what stands in a form. It is refused when there is none. */
export const validateConnection = (teamId: string, one: Partial<Connection>): Promise<Ok> =>
  post(`${connections}/validate`, one, { team_id: teamId });
export const removeConnection = (teamId: string, id: string): Promise<Ok> =>
  request('DELETE', `${connections}/${id}`, { query: { team_id: teamId } });
