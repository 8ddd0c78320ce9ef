import type { Session } from '@mattermost/types/sessions';
import { describe, expect, it } from 'vitest';
import { viewOf, viewsOf } from './sessions';

const session = (props: Record<string, string>, rest: Partial<Session> = {}): Session => ({
  id: 's',
  token: '',
  create_at: 1,
  expires_at: 0,
  last_activity_at: 2,
  user_id: 'u',
  device_id: '',
  roles: '',
  is_oauth: false,
  props,
  team_members: [],
  local: false,
  ...rest,
});

describe('a session', () => {
  it.each([
    ['of a browser', session({ browser: 'Firefox/128.0', os: 'Linux' }), 'browser', 'Firefox 128', 'Linux'],
    [
      'of the desktop app',
      session({ browser: 'Desktop App/5.9.0', os: 'Mac OS' }),
      'desktop',
      'Desktop App 5',
      'Mac OS',
    ],
    ['of a phone', session({ isMobile: 'true', os: 'iOS' }, { device_id: 'apple:1' }), 'phone', '', 'iOS'],
    ['of a token', session({ type: 'UserAccessToken' }), 'token', '', ''],
    ['of another site', session({}, { is_oauth: true }), 'oauth', '', ''],
    ['of something unknown', session({ browser: 'Unknown/0.0', platform: 'Unknown' }), 'browser', '', ''],
  ] as const)('%s', (_, one, kind, program, system) => {
    expect(viewOf(one, 'x')).toMatchObject({ kind, program, system, current: false });
  });
  it('of this browser is known by its token and stands first', () => {
    const list = [session({ csrf: 'b' }, { id: '1', last_activity_at: 9 }), session({ csrf: 'a' }, { id: '2' })];
    expect(viewsOf(list, 'a').map((one) => [one.id, one.current])).toEqual([
      ['2', true],
      ['1', false],
    ]);
  });
  it('is not known by an absent token', () => {
    expect(viewOf(session({ csrf: '' }), '').current).toBe(false);
  });
});
