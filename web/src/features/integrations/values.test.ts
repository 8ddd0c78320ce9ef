import { expect, test } from 'vitest';
import type { Delivery } from '@/api/deliveries';
import type { Connection } from '@/api/oauth';
import { endOf } from '@/features/settings/tokens';
import { bodyOf } from './ConnectionDialog';
import { headerLines, integrationsIn, kindText } from './deliveries';
import { reachOf, rolesOf } from './roles';

test('the reach of a bot is read from its roles and changed without the others', () => {
  expect(reachOf('system_user')).toBe('member');
  expect(reachOf('system_user system_post_all_public system_post_all')).toBe('everywhere');
  expect(reachOf('system_admin system_user')).toBe('admin');
  expect(rolesOf('system_user custom system_post_all', 'public')).toBe('system_user custom system_post_all_public');
  expect(rolesOf('system_admin', 'member')).toBe('system_user');
});

test('a token ends when its days are over, or never', () => {
  expect(endOf('never', 5)).toBe(0);
  expect(endOf('month', 1_000)).toBe(1_000 + 30 * 86_400_000);
});

test('a connection is sent without secrets that stay and without what belongs to another grant', () => {
  const item = { id: 'one' } as Connection;
  const values = {
    name: 'n',
    oauth_token_url: 'https://a/token',
    client_id: 'c',
    client_secret: '',
    grant_type: 'client_credentials' as const,
    credentials_username: 'u',
    credentials_password: 'p',
    urls: 'https://b\nhttps://c',
  };
  expect(bodyOf(values, item)).toEqual({
    id: 'one',
    name: 'n',
    oauth_token_url: 'https://a/token',
    client_id: 'c',
    grant_type: 'client_credentials',
    audiences: ['https://b', 'https://c'],
  });
  expect(bodyOf({ ...values, client_secret: 's', grant_type: 'password' })).toMatchObject({
    client_secret: 's',
    credentials_username: 'u',
    credentials_password: 'p',
  });
});

const met = (of: string, name: string) => ({ of, name }) as Delivery;

test('integrations that were met are gathered by name, each once', () => {
  const before = integrationsIn([met('b', 'Weather'), met('a', 'Alarm'), met('b', 'Weather')], []);
  expect(before).toEqual([
    { id: 'a', name: 'Alarm' },
    { id: 'b', name: 'Weather' },
  ]);
  expect(integrationsIn([met('a', 'Alarm')], before)).toBe(before);
  expect(integrationsIn([met('c', '')], before).map((one) => one.name)).toEqual(['Alarm', 'c', 'Weather']);
});

test('headers stand one a line, and an unknown kind has a name', () => {
  expect(headerLines({ Accept: ['a', 'b'], Host: ['c'] })).toBe('Accept: a\nAccept: b\nHost: c');
  expect(headerLines(null)).toBe('');
  expect(kindText('mystery')).toBe('integrations.delivery.other');
});
