/** Event subscriptions, and the log of what Parley sent for integrations. All of it is Parley's own. */
import { del, get, post, put } from './http';
import type { Ok } from './users';

/** Subscription sends every event of some kinds to an address, in order, until it was taken. */
export type Subscription = {
  id: string;
  creator_id: string;
  team_id: string;
  /** Only events of this channel; all that its maker may see when empty. */
  channel_id: string;
  name: string;
  description: string;
  url: string;
  events: string[] | null;
  enabled: boolean;
  create_at: number;
  update_at: number;
  /** What signs its calls: answered once, when it is made and when it is made anew. */
  secret?: string;
};

export const getSubscriptions = async (teamId: string): Promise<Subscription[]> =>
  (await get<Subscription[] | null>('/parley/subscriptions', { team_id: teamId, per_page: 200 })) ?? [];
export const saveSubscription = (one: Partial<Subscription>): Promise<Subscription> =>
  one.id ? put(`/parley/subscriptions/${one.id}`, one) : post('/parley/subscriptions', one);
export const removeSubscription = (id: string): Promise<Ok> => del(`/parley/subscriptions/${id}`);
export const renewSubscription = (id: string): Promise<Subscription> => post(`/parley/subscriptions/${id}/secret`);
/** replaySubscription sends again what happened since a moment in milliseconds; it answers how many events that is. */
export const replaySubscription = (id: string, since: number): Promise<{ count: number }> =>
  post(`/parley/subscriptions/${id}/replay`, { since });

export type Outcome = 'ok' | 'failed' | 'waiting';

/** Delivery is one call of an address, with all its attempts. Bodies are cut at a bound that the server sets. */
export type Delivery = {
  id: string;
  kind: string;
  /** The id of the integration. */
  of: string;
  name: string;
  team_id: string;
  owner_id: string;
  method: string;
  url: string;
  outcome: Outcome;
  /** Of the last answer; 0 when none came. */
  status: number;
  error: string;
  attempts: number;
  /** How long the last attempt took, in milliseconds. */
  duration: number;
  create_at: number;
  /** When it is tried again, in milliseconds since 1970; 0 when it isn't. */
  next_at: number;
  request_header?: Record<string, string[]> | null;
  request_body?: string;
  answer_header?: Record<string, string[]> | null;
  answer_body?: string;
};

/** Breaker keeps an integration from being called while its address fails. */
export type Breaker = { kind: string; of: string; name: string; until: number };

export type DeliveryPage = { deliveries: Delivery[]; breakers: Breaker[] };
export type DeliveryFilter = { team_id: string; of?: string; outcome?: Outcome; page: number; per_page: number };

export const getDeliveries = (filter: DeliveryFilter): Promise<DeliveryPage> => get('/parley/deliveries', filter);
export const getDelivery = (id: string): Promise<Delivery> => get(`/parley/deliveries/${id}`);
export const sendAgain = (id: string): Promise<Delivery> => post(`/parley/deliveries/${id}/again`);
