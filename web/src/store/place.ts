/** Where one is looking: team, channel, the pane on the right, an open dialog, the post being edited. */
import type { FileInfo } from '@mattermost/types/files';
import type { OpenDialogRequest } from '@mattermost/types/integrations';

/** Pane is what stands on the right. */
export type Pane =
  | { kind: 'thread'; channelId: string; rootId: string; focusReply?: string }
  /** `archived`: in archived channels, too. */
  | { kind: 'search'; terms: string; teamId: string; what?: 'files'; archived?: boolean }
  | { kind: 'files'; channelId: string }
  | { kind: 'mentions' }
  | { kind: 'saved' }
  | { kind: 'pinned'; channelId: string }
  | { kind: 'info'; channelId: string }
  | { kind: 'topics'; channelId: string }
  | { kind: 'members'; channelId: string }
  | { kind: 'history'; channelId: string; postId: string };

/** OpenDialog names a dialog and what it is about. */
export type OpenDialog =
  | { kind: 'switcher' }
  | { kind: 'shortcuts' }
  | { kind: 'browse-channels' }
  | { kind: 'new-channel'; privacy?: 'O' | 'P'; name?: string }
  | { kind: 'new-message' }
  | { kind: 'add-people'; channelId: string }
  | { kind: 'channel-settings'; channelId: string; tab?: string }
  | { kind: 'channel-notifications'; channelId: string }
  | { kind: 'convert-group'; channelId: string }
  | { kind: 'archive-channel'; channelId: string }
  | { kind: 'leave-channel'; channelId: string }
  | { kind: 'category'; teamId: string; categoryId?: string; channelId?: string }
  | { kind: 'delete-category'; teamId: string; categoryId: string }
  | { kind: 'people' }
  | { kind: 'groups' }
  | { kind: 'group'; groupId: string }
  | { kind: 'group-form'; groupId?: string }
  | { kind: 'group-people'; groupId: string }
  | { kind: 'add-to-channel'; userId: string }
  | { kind: 'invite'; teamId: string }
  | { kind: 'team-settings'; teamId: string; tab?: string }
  | { kind: 'team-members'; teamId: string }
  | { kind: 'leave-team'; teamId: string }
  | { kind: 'read-team'; teamId: string }
  | { kind: 'delete-post'; channelId: string; postId: string }
  | { kind: 'statistics'; channelId: string }
  | { kind: 'statistics'; teamId: string }
  | { kind: 'move-thread'; channelId: string; postId: string }
  | { kind: 'forward-post'; channelId: string; postId: string }
  | { kind: 'reminder'; channelId: string; postId: string }
  | { kind: 'schedule'; channelId: string; rootId: string; message: string; scheduledId?: string }
  | { kind: 'custom-emoji' }
  | { kind: 'bookmark'; channelId: string; bookmarkId?: string }
  | { kind: 'image'; src: string; alt: string }
  /** Files beside each other, and the one that is shown first. */
  | { kind: 'gallery'; files: readonly FileInfo[]; fileId: string }
  | { kind: 'custom-status' }
  | { kind: 'dnd-until' }
  | { kind: 'about' }
  | { kind: 'attributes' }
  | { kind: 'report-post'; channelId: string; postId: string }
  | { kind: 'topic'; channelId: string; rootId: string }
  | { kind: 'reports' }
  | { kind: 'deletions' }
  /** What a program asks for, and where the act was that led to it. */
  | { kind: 'interactive'; request: OpenDialogRequest; channelId: string; teamId: string }
  | { kind: 'settings'; tab?: string };

export type PlaceState = {
  teamId: string;
  channelId: string;
  /** `threads`: the team's threads instead of a channel; `drafts`: all drafts; `scheduled`: what is sent later. */
  view: 'channel' | 'threads' | 'drafts' | 'scheduled' | 'none';
  /** The thread that is open in the threads view. */
  threadId: string;
  /** A post to stand at, such as of a permalink; `at` changes with each jump, so that the same may be jumped to again. */
  focus?: { postId: string; at: number };
  /** Where "new messages" begins in the open channel: one's `last_viewed_at` when it was opened. */
  newSince: number;
  pane?: Pane;
  dialog?: OpenDialog;
  /** The post whose text is being edited, in the centre or in the pane. */
  editing?: { channelId: string; postId: string; where: 'centre' | 'pane' };
  /** On a phone: which of the panes is in front. */
  front: 'sidebar' | 'centre' | 'pane';
};

export type PlaceAction =
  | { type: 'place/team'; teamId: string }
  | { type: 'place/channel'; teamId: string; channelId: string; newSince: number }
  | { type: 'place/new-since'; newSince: number }
  | { type: 'place/threads'; teamId: string; threadId: string }
  | { type: 'place/drafts'; teamId: string; scheduled?: boolean }
  | { type: 'place/none' }
  | { type: 'place/focus'; postId: string; at: number }
  | { type: 'place/unfocus' }
  | { type: 'place/pane'; pane?: Pane }
  | { type: 'place/dialog'; dialog?: OpenDialog }
  | { type: 'place/editing'; editing?: PlaceState['editing'] }
  | { type: 'place/front'; front: PlaceState['front'] };

export const nowhere: PlaceState = {
  teamId: '',
  channelId: '',
  view: 'none',
  threadId: '',
  newSince: 0,
  front: 'centre',
};

function without<K extends keyof PlaceState>(state: PlaceState, ...keys: K[]): PlaceState {
  const next = { ...state };
  for (const key of keys) delete next[key];
  return next;
}

/** place is the reducer of this domain. */
export function place(state: PlaceState, action: PlaceAction): PlaceState {
  switch (action.type) {
    case 'place/team':
      return { ...state, teamId: action.teamId };
    case 'place/channel': {
      const { teamId, channelId, newSince } = action;
      const left = without(state, 'focus', 'editing');
      return { ...left, teamId, channelId, newSince, view: 'channel', front: 'centre' };
    }
    case 'place/new-since':
      return { ...state, newSince: action.newSince };
    case 'place/threads': {
      const { teamId, threadId } = action;
      return {
        ...without(state, 'focus', 'editing', 'pane'),
        teamId,
        threadId,
        channelId: '',
        view: 'threads',
        front: 'centre',
      };
    }
    case 'place/drafts':
      return {
        ...without(state, 'focus', 'editing'),
        teamId: action.teamId,
        channelId: '',
        view: action.scheduled ? 'scheduled' : 'drafts',
        front: 'centre',
      };
    case 'place/none':
      return nowhere;
    case 'place/focus':
      return { ...state, focus: { postId: action.postId, at: action.at } };
    case 'place/unfocus':
      return without(state, 'focus');
    case 'place/pane':
      if (!action.pane) return { ...without(state, 'pane'), front: state.front === 'pane' ? 'centre' : state.front };
      return { ...state, pane: action.pane, front: 'pane' };
    case 'place/dialog':
      return action.dialog ? { ...state, dialog: action.dialog } : without(state, 'dialog');
    case 'place/editing':
      return action.editing ? { ...state, editing: action.editing } : without(state, 'editing');
    case 'place/front':
      return { ...state, front: action.front };
  }
}
