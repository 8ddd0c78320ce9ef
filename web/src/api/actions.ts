/** Buttons and menus in messages, and the dialogs that programs open after one was used. */
import type { Dialog, DialogElement, OpenDialogRequest } from '@mattermost/types/integrations';
import { post } from './http';

export type { Dialog, DialogElement, OpenDialogRequest };

/** Acted is what using a button came to: the dialog that may follow carries the same trigger id. */
export type Acted = { status: string; trigger_id: string };

/** ActionUse names a button or a menu of a message. A message that isn't stored has a cookie instead of its address. */
export type ActionUse = { postId: string; actionId: string; option?: string; cookie?: string };

/** act tells the program that a button was pressed, or an option chosen. It fails with an `ApiError`. */
export const act = ({ postId, actionId, option = '', cookie = '' }: ActionUse): Promise<Acted> =>
  post(`/posts/${postId}/actions/${encodeURIComponent(actionId)}`, { selected_option: option, cookie });

/** Filled is what stands in a dialog, and where it is sent. */
export type Filled = {
  /** `refresh` asks for the form anew, because a field was changed on which others depend. */
  type?: 'refresh';
  url: string;
  callback_id: string;
  state: string;
  channel_id: string;
  team_id: string;
  submission: Record<string, unknown>;
  cancelled: boolean;
};

/** Judged says what is wrong with it, or which form comes next; nothing when all is done. */
export type Judged = { error?: string; errors?: Record<string, string>; type?: string; form?: Dialog };

export const submitDialog = (filled: Filled): Promise<Judged> => post('/actions/dialogs/submit', filled);

/** lookupDialog asks what a menu offers for what is typed; the submission names them in `query` and `selected_field`. */
export const lookupDialog = (
  filled: Filled,
  signal?: AbortSignal,
): Promise<{ items: { text: string; value: string }[] | null }> =>
  post('/actions/dialogs/lookup', filled, undefined, signal);
