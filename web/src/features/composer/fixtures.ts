/** A small server of the tests: one channel to write in, others that are closed, and nobody else online. */
import { dispatch } from '@/store/store';

/** person is somebody. */
export const person = (id: string, more = {}) =>
  ({
    id,
    username: id,
    first_name: '',
    last_name: '',
    nickname: '',
    delete_at: 0,
    update_at: 1,
    roles: 'system_user',
    ...more,
  }) as never;
/** channel is a channel of the team. */
export const channel = (id: string, more = {}) =>
  ({
    id,
    type: 'O',
    team_id: 'team',
    name: id,
    display_name: `The ${id}`,
    delete_at: 0,
    update_at: 1,
    last_post_at: 0,
    total_msg_count: 0,
    ...more,
  }) as never;
/** member is one's membership of a channel. */
export const member = (id: string) =>
  ({ channel_id: id, user_id: 'me', roles: 'channel_user', msg_count: 0, mention_count: 0, notify_props: {} }) as never;
/** post is a message of one's own in the channel `town`. */
export const post = (id: string, more = {}) =>
  ({
    id,
    channel_id: 'town',
    user_id: 'me',
    root_id: '',
    message: id,
    create_at: 1,
    update_at: 1,
    edit_at: 0,
    delete_at: 0,
    type: '',
    props: {},
    metadata: {},
    ...more,
  }) as never;

/** signIn puts somebody into the store who may write in `town` and nowhere else. */
export function signIn(): void {
  localStorage.clear();
  dispatch(
    { type: 'signed-out' },
    { type: 'server/config', config: { MaxPostSize: '40', EnableConfirmNotificationsToChannel: 'true' } },
    {
      type: 'server/roles',
      roles: [{ name: 'channel_user', permissions: ['create_post', 'edit_post', 'use_channel_mentions'] }] as never,
    },
    { type: 'users/me', user: person('me') },
    {
      type: 'channels/received',
      channels: [
        channel('town'),
        channel('old', { delete_at: 5 }),
        channel('shut'),
        channel('me__gone', { type: 'D', team_id: '' }),
      ],
    },
    {
      type: 'channels/mine',
      members: [
        member('town'),
        member('old'),
        member('me__gone'),
        { ...(member('shut') as object), roles: '' } as never,
      ],
      asked: 1,
    },
  );
}
