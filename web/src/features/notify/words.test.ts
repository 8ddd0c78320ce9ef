import type { Channel } from '@mattermost/types/channels';
import type { Team } from '@mattermost/types/teams';
import type { UserProfile } from '@mattermost/types/users';
import { describe, expect, it } from 'vitest';
import en from '@/i18n/en';
import type { TextId, Values } from '@/i18n/text';
import { initialState, type State } from '@/store/store';
import { pageTitle } from './title';
import { heardOf } from './watch';
import { sightOf } from './windows';
import { type Event, wordsOf } from './words';

const t = (id: TextId, values: Values = {}) =>
  en[id].replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''));

const grace = { id: 'grace', username: 'grace', first_name: 'Grace', last_name: 'Hopper' } as UserProfile;
const alan = { id: 'alan', username: 'alan', first_name: 'Alan', last_name: 'Turing' } as UserProfile;
const engine = { id: 't', name: 'engine', display_name: 'Engine' } as Team;
const square = { id: 'c', name: 'town-square', display_name: 'Town Square', type: 'O', team_id: 't' } as Channel;

const state: State = {
  ...initialState,
  users: { ...initialState.users, me: 'ada', profiles: { grace, alan } },
  teams: { teams: { t: engine }, mine: { t: { team_id: 't' } as State['teams']['mine'][string] } },
  channels: { ...initialState.channels, channels: { c: square } },
  server: { ...initialState.server, config: { TeammateNameDisplay: 'full_name', SiteName: 'Parley' } },
  place: { ...initialState.place, view: 'channel', teamId: 't', channelId: 'c' },
};

const event = (fields: Partial<Event['post']>, rest: Partial<Omit<Event, 'post'>> = {}): Event => ({
  post: { id: 'p', user_id: 'grace', channel_id: 'c', root_id: '', message: '', type: '', ...fields },
  channelType: 'O',
  channelName: 'Town Square',
  senderName: '@grace',
  teamId: 't',
  files: false,
  ...rest,
});
const words = (one: Event, hide = false) => wordsOf(state, one, t, hide);

describe('a notification', () => {
  it('says who wrote what and where', () => {
    expect(words(event({ message: '**Ship** it, @alan:\n```\nmake\n```' }))).toEqual({
      title: 'Town Square',
      body: 'Grace Hopper: Ship it, @Alan Turing: make',
    });
  });
  it('of a direct message names the person', () => {
    expect(words(event({ message: 'hello' }, { channelType: 'D' }))).toEqual({ title: 'Grace Hopper', body: 'hello' });
  });
  it('of a reply says that it is in a thread', () => {
    expect(words(event({ message: 'yes', root_id: 'r' })).title).toBe('Thread in Town Square');
  });
  it('names the team when there are several', () => {
    const two = { ...state, teams: { ...state.teams, mine: { ...state.teams.mine, u: state.teams.mine.t } } } as State;
    expect(wordsOf(two, event({ message: 'x' }), t, false).title).toBe('Town Square – Engine');
  });
  it('of a file without words says so', () => {
    expect(words(event({}, { files: true })).body).toBe('Grace Hopper: sent a file');
    expect(words(event({})).body).toBe('Grace Hopper: sent something without words');
  });
  it('keeps what was written to itself where that is wished', () => {
    expect(words(event({ message: 'secret' }), true)).toEqual({ title: 'Town Square', body: 'Grace Hopper wrote' });
    expect(words(event({ message: 'secret' }, { channelType: 'D' }), true).body).toBe('New message');
  });
  it('of somebody unknown has the name of the event', () => {
    expect(words(event({ user_id: 'x', message: 'hi' }, { senderName: '@hedy' })).body).toBe('hedy: hi');
  });
  it('of an integration has its own name only where the server lets it', () => {
    const hook = event({ message: 'built', props: { from_webhook: 'true', override_username: 'CI' } });
    expect(words(hook).body).toBe('Grace Hopper: built');
    const lets = { ...state, server: { ...state.server, config: { EnablePostUsernameOverride: 'true' } } };
    expect(wordsOf(lets, hook, t, false).body).toBe('CI: built');
  });
});

describe('an event', () => {
  const frame = (data: Record<string, unknown>, name = 'posted') => ({
    event: name,
    data,
    broadcast: { user_id: '', channel_id: 'c', team_id: '' },
    seq: 1,
  });
  it('tells whom it mentions and who follows', () => {
    const post = JSON.stringify({ id: 'p', channel_id: 'c', root_id: '', file_ids: ['f'] });
    const found = heardOf(frame({ post, channel_type: 'O', mentions: '["ada"]', followers: '["alan"]' }), 'ada');
    expect(found?.heard).toMatchObject({ mentioned: true, following: false, channelType: 'O' });
    expect(found?.event.files).toBe(true);
  });
  it('of another kind, or one that makes no sense, is none', () => {
    expect(heardOf(frame({}, 'typing'), 'ada')).toBeUndefined();
    expect(heardOf(frame({ post: '{' }), 'ada')).toBeUndefined();
  });
});

describe('what one looks at', () => {
  it('is the channel and the thread beside it, or the thread in its view', () => {
    const pane = { kind: 'thread', channelId: 'c', rootId: 'r' } as const;
    expect(sightOf({ place: { ...state.place, pane } })).toEqual({ channelId: 'c', threadId: 'r' });
    const view = { ...state.place, view: 'threads', threadId: 'r2', channelId: '' } as const;
    expect(sightOf({ place: view })).toEqual({ channelId: '', threadId: 'r2' });
    expect(sightOf({ place: { ...state.place, view: 'drafts' } })).toEqual({ channelId: '', threadId: '' });
  });
});

describe('the title of the page', () => {
  const title = (unread: boolean, mentions: number, place: Partial<State['place']> = {}) =>
    pageTitle({ ...state, place: { ...state.place, ...place } }, t, { unread, mentions });
  it.each([
    [false, 0, 'Town Square – Engine · Parley'],
    [true, 0, '• Town Square – Engine · Parley'],
    [true, 3, '(3) Town Square – Engine · Parley'],
    [true, 100, '(99+) Town Square – Engine · Parley'],
  ])('with unread %s and %s mentions', (unread, mentions, expected) => {
    expect(title(unread, mentions)).toBe(expected);
  });
  it('names the other views, and nowhere nothing but the site', () => {
    expect(title(false, 0, { view: 'threads' })).toBe('Threads – Engine · Parley');
    expect(title(false, 0, { view: 'none', teamId: '' })).toBe('Parley');
  });
});
