/** Which channels anybody can read on the web. */
import type { WebPublic } from '@/api/webPublic';

export type WebPublicState = Readonly<Record<string, WebPublic>>;

export type WebPublicAction = { type: 'webPublic/known'; channelId: string; state: WebPublic };

/** webPublic is the reducer of this domain. */
export function webPublic(state: WebPublicState, action: WebPublicAction): WebPublicState {
  return { ...state, [action.channelId]: action.state };
}
