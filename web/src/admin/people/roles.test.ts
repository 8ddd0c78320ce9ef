import { expect, test } from 'vitest';
import { roleOf, withRole } from './roles';

test('the role that says most is told', () => {
  expect(roleOf('system_user')).toBe('system_user');
  expect(roleOf('system_user system_post_all system_admin')).toBe('system_admin');
  expect(roleOf('system_guest')).toBe('system_guest');
});

test('another role takes the place of the one before, and nothing else is lost', () => {
  expect(withRole('system_user system_admin system_post_all', 'system_manager')).toBe(
    'system_user system_manager system_post_all',
  );
  expect(withRole('system_admin', 'system_user')).toBe('system_user');
});
