/**
 * The one store. `dispatch` takes facts (answers, events, one's own acts) and reduces them; components read with
 * `useApp(selector)`.
 */
import { useStore } from 'zustand';
import { useShallow } from 'zustand/react/shallow';
import { createStore } from 'zustand/vanilla';
import { type AttributesAction, type AttributesState, attributes, noAttributes } from './attributes';
import { type BookmarksAction, type BookmarksState, bookmarks } from './bookmarks';
import { type CategoriesAction, type CategoriesState, categories } from './categories';
import { type ChannelsAction, type ChannelsState, channels, noChannels } from './channels';
import { type DraftsAction, type DraftsState, drafts } from './drafts';
import { type GroupsAction, type GroupsState, groups, noGroups } from './groups';
import { nowhere, type PlaceAction, type PlaceState, place } from './place';
import { noPosts, type PostsAction, type PostsState, posts } from './posts';
import { type PreferencesAction, type PreferencesState, preferences } from './preferences';
import { type PrioritiesAction, type PrioritiesState, priorities } from './priorities';
import { type ReceiptsAction, type ReceiptsState, receipts } from './receipts';
import { noReports, type ReportsAction, type ReportsState, reports } from './reports';
import { noScheduled, type ScheduledAction, type ScheduledState, scheduled } from './scheduled';
import { noServer, type ServerAction, type ServerState, server } from './server';
import { noTeams, type TeamsAction, type TeamsState, teams } from './teams';
import { noThreads, type ThreadsAction, type ThreadsState, threads } from './threads';
import { noTopics, type TopicsAction, type TopicsState, topics } from './topics';
import { type TypingAction, type TypingState, typing } from './typing';
import { type UploadsAction, type UploadsState, uploads } from './uploads';
import { noUsers, type UsersAction, type UsersState, users } from './users';
import { type WebPublicAction, type WebPublicState, webPublic } from './webPublic';

export type State = {
  server: ServerState;
  users: UsersState;
  teams: TeamsState;
  channels: ChannelsState;
  posts: PostsState;
  threads: ThreadsState;
  topics: TopicsState;
  preferences: PreferencesState;
  categories: CategoriesState;
  typing: TypingState;
  drafts: DraftsState;
  priorities: PrioritiesState;
  uploads: UploadsState;
  scheduled: ScheduledState;
  bookmarks: BookmarksState;
  groups: GroupsState;
  attributes: AttributesState;
  receipts: ReceiptsState;
  reports: ReportsState;
  webPublic: WebPublicState;
  place: PlaceState;
};

export type Action =
  | ServerAction
  | UsersAction
  | TeamsAction
  | ChannelsAction
  | PostsAction
  | ThreadsAction
  | TopicsAction
  | PreferencesAction
  | CategoriesAction
  | TypingAction
  | DraftsAction
  | PrioritiesAction
  | UploadsAction
  | ScheduledAction
  | BookmarksAction
  | GroupsAction
  | AttributesAction
  | ReceiptsAction
  | ReportsAction
  | WebPublicAction
  | PlaceAction
  /** Everything of the person who signed out is forgotten; what the server says of itself stays. */
  | { type: 'signed-out' };

export const initialState: State = {
  server: noServer,
  users: noUsers,
  teams: noTeams,
  channels: noChannels,
  posts: noPosts,
  threads: noThreads,
  topics: noTopics,
  preferences: {},
  categories: {},
  typing: {},
  drafts: {},
  priorities: {},
  uploads: [],
  scheduled: noScheduled,
  bookmarks: {},
  groups: noGroups,
  attributes: noAttributes,
  receipts: {},
  reports: noReports,
  webPublic: {},
  place: nowhere,
};

type Domain = keyof State;
type Reducer = (slice: never, action: never) => State[Domain];

// Which domain an action belongs to is the part of its type before the slash.
const domains: Record<string, [Domain, Reducer]> = {
  server: ['server', server],
  users: ['users', users],
  teams: ['teams', teams],
  team: ['teams', teams],
  channels: ['channels', channels],
  channel: ['channels', channels],
  posts: ['posts', posts],
  post: ['posts', posts],
  reaction: ['posts', posts],
  thread: ['posts', posts],
  threads: ['threads', threads],
  topics: ['topics', topics],
  preferences: ['preferences', preferences],
  categories: ['categories', categories],
  typing: ['typing', typing],
  drafts: ['drafts', drafts],
  priorities: ['priorities', priorities],
  uploads: ['uploads', uploads],
  upload: ['uploads', uploads],
  scheduled: ['scheduled', scheduled],
  bookmarks: ['bookmarks', bookmarks],
  groups: ['groups', groups],
  attributes: ['attributes', attributes],
  receipts: ['receipts', receipts],
  reports: ['reports', reports],
  webPublic: ['webPublic', webPublic],
  place: ['place', place],
};

/** reduce applies one fact to a state and returns the next; the same state when nothing changed. */
export function reduce(state: State, action: Action): State {
  if (action.type === 'signed-out') {
    return {
      ...initialState,
      server: { ...noServer, config: state.server.config, connection: state.server.connection },
    };
  }
  const domain = domains[action.type.slice(0, action.type.indexOf('/'))];
  if (!domain) return state;
  const [key, reducer] = domain;
  const slice = reducer(state[key] as never, action as never);
  return slice === state[key] ? state : { ...state, [key]: slice };
}

/** store holds the state outside React: commands and the websocket read it with `getState`. */
export const store = createStore<State>(() => initialState);

/** dispatch applies facts in order; whoever watches the store is told once. */
export function dispatch(...actions: Action[]): void {
  store.setState((state) => actions.reduce(reduce, state), true);
}

/** getState is the state as it is now, for commands. */
export const getState = (): State => store.getState();

/** useApp reads the state; the component renders again when the selected value is another one (`Object.is`). */
export function useApp<T>(selector: (state: State) => T): T {
  return useStore(store, selector);
}

/** useAppShallow is for selectors that make a new array or object: its entries are compared, one level deep. */
export function useAppShallow<T>(selector: (state: State) => T): T {
  return useStore(store, useShallow(selector));
}
