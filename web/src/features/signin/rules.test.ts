import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ApiError } from '@/api/http';
import { refusedField } from './account';
import { isSigninPath } from './paths';
import {
  emailProblem,
  passwordProblem,
  passwordRules,
  suggestTeamName,
  suggestUsername,
  teamNameProblem,
  usernameProblem,
} from './rules';
import { safeTarget, withTarget } from './target';

test('a place to go to after signing in is one of this site, whoever wrote the link', () => {
  const here = window.location.origin;
  expect(safeTarget('/team/channels/town-square?a=1#b')).toBe('/team/channels/town-square?a=1#b');
  expect(safeTarget(`${here}/team/pl/abc`)).toBe('/team/pl/abc');
  const bad = [
    'https://evil.example/login',
    '//evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/.//evil.example',
    '/..//evil.example',
    'javascript:alert(1)',
    'data:text/html,x',
    '\t//evil.example',
    '/\t/evil.example',
    'http://',
    '/login?redirect_to=/login',
    '/api/v4/users/logout',
    '',
  ];
  for (const wish of bad) expect(safeTarget(wish, '/home'), wish).toBe('/home');
});

test('no text at all leads away from the site', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('/', '\\', '.', ':', '@', 'a', '?', '#', '\t', '%2f', 'http') }),
      (wish) => {
        const target = safeTarget(wish);
        expect(target.startsWith('/')).toBe(true);
        expect(new URL(target, 'https://own.example').origin).toBe('https://own.example');
      },
    ),
  );
});

test('the target travels from page to page in the address', () => {
  expect(withTarget('/login', '/')).toBe('/login');
  expect(withTarget('/login', '/a/b?c=d', { extra: 'expired' })).toBe(
    '/login?extra=expired&redirect_to=%2Fa%2Fb%3Fc%3Dd',
  );
});

test('passwords are held against the rules of the server', () => {
  const config = { PasswordMinimumLength: '8', PasswordRequireNumber: 'true', PasswordRequireSymbol: 'true' };
  expect(passwordRules(config, 'abc').map((rule) => [rule.kind, rule.met])).toEqual([
    ['length', false],
    ['number', false],
    ['symbol', false],
  ]);
  expect(passwordProblem(config, 'abcdefg1!')).toBeUndefined();
  expect(passwordProblem(config, '🙂🙂🙂🙂🙂🙂 1')).toBeUndefined();
  expect(passwordProblem(config, 'abcdefgh')).toBe('signin.password.weak');
  expect(passwordProblem(config, `${'é'.repeat(36)}1!`)).toBe('signin.password.long');
  expect(passwordProblem({}, '')).toBe('signin.password.missing');
});

test('usernames and addresses', () => {
  expect(usernameProblem('ada.l-o_1')).toBeUndefined();
  expect(usernameProblem('Ada')).toBe('signin.username.letters');
  expect(usernameProblem('channel')).toBe('signin.username.reserved');
  expect(suggestUsername('Éloïse.Martin+work@example.com')).toBe('eloise.martin');
  expect(suggestUsername('李@example.com')).toBe('');
  expect(emailProblem('ada@localhost')).toBeUndefined();
  expect(emailProblem('ada @example.com')).toBe('signin.email.form');
  expect(emailProblem(' ')).toBe('signin.email.missing');
});

test('what is suggested for a team may be sent as it is', () => {
  expect(suggestTeamName('Équipe Cœur & Âme')).toBe('equipe-coeur-ame');
  expect(suggestTeamName('Help desk')).toBe('team-help-desk');
  expect(suggestTeamName('X')).toBe('team-x');
  expect(suggestTeamName('李')).toBe('');
  expect(teamNameProblem('a_b')).toBe('signin.team.address.letters');
  expect(teamNameProblem('api-team')).toBe('signin.team.address.reserved');
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 90 }), (name) => {
      const address = suggestTeamName(name);
      if (address) expect(teamNameProblem(address), address).toBeUndefined();
    }),
  );
});

test('a refusal stands beside the field that it is about', () => {
  const refused = (id: string) => refusedField(new ApiError(id, 'No.', 400));
  expect(refused('app.user.save.username_exists.app_error')).toEqual({ username: { words: 'No.' } });
  expect(refused('app.user.save.email_exists.app_error')).toEqual({ email: { words: 'No.' } });
  expect(refused('api.user.create_user.accepted_domain.app_error')).toEqual({ email: { words: 'No.' } });
  expect(refused('model.user.is_valid.pwd_min_length.app_error')).toEqual({ password: { words: 'No.' } });
  expect(refused('api.user.create_user.no_open_server')).toBeUndefined();
  expect(refusedField(new Error('x'))).toBeUndefined();
});

test('pages are known by their address, with or without a slash at the end', () => {
  expect(isSigninPath('/signup_user_complete/', false)).toBe(true);
  expect(isSigninPath('/create_team', false)).toBe(false);
  expect(isSigninPath('/create_team', true)).toBe(true);
  expect(isSigninPath('/login-team/channels/x', true)).toBe(false);
});
