import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide, type Heard, type Reader, soundFor, soundNames } from './decide';

const me = 'me';
const message: Heard = {
  post: { id: 'p', user_id: 'grace', channel_id: 'c', root_id: '', type: '' },
  channelType: 'O',
  mentioned: false,
  following: false,
};
const post = (fields: Partial<Heard['post']>, rest: Partial<Omit<Heard, 'post'>> = {}): Heard => ({
  ...message,
  ...rest,
  post: { ...message.post, ...fields },
});
const reader: Reader = {
  me,
  presence: 'online',
  outOfOffice: false,
  collapsed: true,
  user: { desktop: 'mention', desktop_threads: 'all' },
  channel: {},
  sights: [],
};
const as = (fields: Partial<Reader>): Reader => ({ ...reader, ...fields });
const mention = post({}, { mentioned: true });
const reply = post({ root_id: 'r' });
const followedReply = post({ root_id: 'r' }, { following: true });
const mentioningReply = post({ root_id: 'r' }, { mentioned: true });
const dm = post({}, { channelType: 'D' });
const seesChannel = { sights: [{ channelId: 'c', threadId: '' }] };
const seesThread = { sights: [{ channelId: 'c', threadId: 'r' }] };
const elsewhere = { sights: [{ channelId: 'x', threadId: 'y' }] };

const yes = true;
type Row = [what: string, heard: Heard, reader: Partial<Reader>, outcome: true | string];

const rows: Row[] = [
  // What one set for all channels.
  ['a message without a mention', message, {}, 'no mention'],
  ['a mention', mention, {}, yes],
  ['any message, when all notify', message, { user: { desktop: 'all' } }, yes],
  ['a mention, when nothing notifies', mention, { user: { desktop: 'none' } }, 'off'],
  ['a mention, when nothing was ever set', mention, { user: {} }, yes],
  ['a message, when nothing was ever set', message, { user: {} }, 'no mention'],
  // What one set for this channel goes first.
  ['a message in a channel that notifies of all', message, { channel: { desktop: 'all' } }, yes],
  ['a mention in a channel that never notifies', mention, { channel: { desktop: 'none' } }, 'off'],
  [
    'a message in a channel of mentions',
    message,
    { user: { desktop: 'all' }, channel: { desktop: 'mention' } },
    'no mention',
  ],
  ['a mention in a channel of mentions', mention, { user: { desktop: 'none' }, channel: { desktop: 'mention' } }, yes],
  ['a message in a channel left as it is', message, { user: { desktop: 'all' }, channel: { desktop: 'default' } }, yes],
  // Conversations.
  ['a direct message', dm, {}, yes],
  ['a message of a group', post({}, { channelType: 'G' }), {}, yes],
  ['a direct message, when nothing notifies', dm, { user: { desktop: 'none' } }, 'off'],
  [
    'a reply in a direct thread that one follows',
    post({ root_id: 'r' }, { channelType: 'D', following: true }),
    {},
    yes,
  ],
  // Threads.
  ['a reply in a thread that one follows', followedReply, {}, yes],
  ['a reply in a thread that one does not follow', reply, {}, 'not followed'],
  ['a reply in such a thread, though all messages notify', reply, { user: { desktop: 'all' } }, 'not followed'],
  ['a reply that mentions', mentioningReply, {}, yes],
  [
    'a followed reply, when only mentions in threads notify',
    followedReply,
    { user: { desktop_threads: 'mention' } },
    'no mention',
  ],
  [
    'a mentioning reply, when only mentions in threads notify',
    mentioningReply,
    { user: { desktop_threads: 'mention' } },
    yes,
  ],
  ['a mentioning reply, when no thread notifies', mentioningReply, { user: { desktop_threads: 'none' } }, 'off'],
  [
    'a followed reply in a channel whose threads never notify',
    followedReply,
    { channel: { desktop_threads: 'none' } },
    'off',
  ],
  [
    'a followed reply in a channel whose threads notify',
    followedReply,
    { user: { desktop_threads: 'none' }, channel: { desktop_threads: 'all' } },
    yes,
  ],
  ['a reply, when replies stand in the channel', reply, { collapsed: false }, 'no mention'],
  ['a reply in the channel, when all notify', reply, { collapsed: false, user: { desktop: 'all' } }, yes],
  ['a mentioning reply in the channel', mentioningReply, { collapsed: false }, yes],
  // Quiet.
  ['a mention in a muted channel', mention, { channel: { mark_unread: 'mention' } }, 'muted'],
  [
    'a mention in a muted channel that notifies of all',
    mention,
    { channel: { mark_unread: 'mention', desktop: 'all' } },
    'muted',
  ],
  ['a mention, not to be disturbed', mention, { presence: 'dnd' }, 'quiet'],
  ['a mention, out of office', mention, { presence: 'away', outOfOffice: true }, 'quiet'],
  ['a mention while away', mention, { presence: 'away' }, yes],
  ['a mention while seeming offline', mention, { presence: 'offline' }, yes],
  // Who wrote it.
  ['what one wrote oneself', post({ user_id: me }, { mentioned: true }), { user: { desktop: 'all' } }, 'own'],
  [
    'what a webhook wrote in one’s name',
    post({ user_id: me, props: { from_webhook: 'true' } }, { mentioned: true }),
    {},
    yes,
  ],
  ['what a bot wrote', post({ user_id: 'bot', props: { from_bot: 'true' } }, { mentioned: true }), {}, yes],
  ['what a plugin posted', post({ type: 'custom_poll' }, { mentioned: true }), {}, yes],
  ['what somebody does', post({ type: 'me' }, { mentioned: true }), {}, yes],
  ['that somebody joined', post({ type: 'system_join_channel' }), { user: { desktop: 'all' } }, 'system'],
  ['that the header changed', post({ type: 'system_header_change' }, { mentioned: true }), {}, 'system'],
  ['that one was added', post({ type: 'system_add_to_channel', props: { addedUserId: me } }), {}, yes],
  [
    'that somebody else was added',
    post({ type: 'system_add_to_channel', props: { addedUserId: 'alan' } }),
    {},
    'system',
  ],
  // What one looks at.
  ['a mention in the channel that one looks at', mention, seesChannel, 'seen'],
  ['a direct message that one looks at', dm, seesChannel, 'seen'],
  ['a mention while one looks elsewhere', mention, elsewhere, yes],
  ['a followed reply while one looks at the channel', followedReply, seesChannel, yes],
  ['a followed reply while one looks at the thread', followedReply, seesThread, 'seen'],
  ['a root while the thread stands beside the channel', mention, seesThread, 'seen'],
  ['a reply in the channel that one looks at', mentioningReply, { ...seesChannel, collapsed: false }, 'seen'],
  ['a mention that another window shows', mention, { sights: [...elsewhere.sights, ...seesChannel.sights] }, 'seen'],
];

describe('a message', () => {
  it.each(rows)('%s', (_, heard, fields, outcome) => {
    const verdict = decide(heard, as(fields));
    expect(verdict.notify ? true : verdict.why).toBe(outcome);
  });

  it('of one’s own, in a muted channel or in quiet times never notifies, whatever else is so', () => {
    const level = fc.constantFrom('all', 'mention', 'none', 'default', undefined);
    fc.assert(
      fc.property(
        fc.record({
          root: fc.boolean(),
          mentioned: fc.boolean(),
          following: fc.boolean(),
          collapsed: fc.boolean(),
          desktop: level,
          threads: level,
          quiet: fc.constantFrom('own', 'muted', 'dnd', 'ooo'),
        }),
        (one) => {
          const heard = post(
            { root_id: one.root ? '' : 'r', user_id: one.quiet === 'own' ? me : 'grace' },
            { mentioned: one.mentioned, following: one.following },
          );
          const verdict = decide(
            heard,
            as({
              collapsed: one.collapsed,
              presence: one.quiet === 'dnd' ? 'dnd' : 'online',
              outOfOffice: one.quiet === 'ooo',
              channel: {
                ...(one.desktop && { desktop: one.desktop }),
                ...(one.threads && { desktop_threads: one.threads }),
                ...(one.quiet === 'muted' && { mark_unread: 'mention' }),
              },
            }),
          );
          expect(verdict.notify).toBe(false);
        },
      ),
    );
  });
});

describe('the sound', () => {
  const sound = (user: Reader['user'], channel: Reader['channel']) => soundFor({ user, channel });
  it.each([
    ['nothing set', {}, {}, 'Bing'],
    ['chosen for all', { desktop_notification_sound: 'Ripple' }, {}, 'Ripple'],
    ['off for all', { desktop_sound: 'false' }, {}, ''],
    ['off for all but this channel', { desktop_sound: 'false' }, { desktop_sound: 'on' }, 'Bing'],
    ['off for this channel', { desktop_sound: 'true' }, { desktop_sound: 'off' }, ''],
    ['of this channel', { desktop_notification_sound: 'Ripple' }, { desktop_notification_sound: 'Down' }, 'Down'],
    [
      'left as it is',
      { desktop_notification_sound: 'Ripple' },
      { desktop_sound: 'default', desktop_notification_sound: 'default' },
      'Ripple',
    ],
  ] as [string, Reader['user'], Reader['channel'], string][])('%s', (_, user, channel, expected) => {
    expect(sound(user, channel)).toBe(expected);
  });
  it('has six names', () => expect(new Set(soundNames).size).toBe(6));
});
