import type { UserProfile } from '@mattermost/types/users';
import { describe, expect, it } from 'vitest';
import { noUsers, users } from './users';

const profile = (fields: Partial<UserProfile>): UserProfile =>
  ({ id: 'ada', username: 'ada', email: 'ada@example.com', update_at: 1, ...fields }) as UserProfile;

const whole = profile({
  props: { customStatus: '{"emoji":"house","text":"At home"}' },
  last_picture_update: 7,
  mfa_active: true,
  notify_props: { desktop: 'all' } as UserProfile['notify_props'],
});
const known = users(noUsers, { type: 'users/me', user: whole });

describe('a profile that comes again', () => {
  it('without its props, its picture and the second step has none of them', () => {
    const { ada } = users(known, { type: 'users/me', user: profile({ update_at: 2 }) }).profiles;
    expect(ada).toMatchObject({ props: {}, last_picture_update: 0, mfa_active: false });
  });
  it('as others see it leaves alone what others don’t see', () => {
    const { ada } = users(known, { type: 'users/received', users: [profile({ update_at: 2, email: '' })] }).profiles;
    expect(ada).toMatchObject({ email: 'ada@example.com', mfa_active: true, notify_props: { desktop: 'all' } });
  });
  it('older than what is known changes nothing', () => {
    expect(users(known, { type: 'users/received', users: [profile({ update_at: 0 })] })).toBe(known);
  });
});

describe('one’s own presence', () => {
  it('tells until when, and that one is out of office', () => {
    const one = (status: string, end?: number) =>
      users(known, {
        type: 'users/presence',
        statuses: [{ user_id: 'ada', status, ...(end !== undefined && { dnd_end_time: end }) }],
      });
    expect(one('dnd', 60)).toMatchObject({ presence: { ada: 'dnd' }, dndEnd: 60, outOfOffice: false });
    expect(one('ooo')).toMatchObject({ presence: { ada: 'away' }, outOfOffice: true });
  });
});
