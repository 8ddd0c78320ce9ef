import { describe, expect, it } from 'vitest';
import { isOutage, isShell, outdated, routeOf } from './route';

const origin = 'https://chat.example.com';
const get = (path: string, mode = 'cors') => ({ method: 'GET', url: new URL(path, origin).href, mode });

describe('routeOf', () => {
  it('never touches the API, whatever asks for it', () => {
    expect(routeOf(get('/api/v4/users/me'), origin)).toBe('leave');
    expect(routeOf(get('/api/v4/files/abc?download=1', 'navigate'), origin)).toBe('leave');
    expect(routeOf({ ...get('/team/channels/x', 'navigate'), method: 'POST' }, origin)).toBe('leave');
  });
  it('knows pages and files of a build', () => {
    expect(routeOf(get('/', 'navigate'), origin)).toBe('page');
    expect(routeOf(get('/team/pl/abc', 'navigate'), origin)).toBe('page');
    expect(routeOf(get('/assets/index-1a.js'), origin)).toBe('asset');
    expect(routeOf(get('/icons/favicon.svg'), origin)).toBe('leave');
  });
  it('leaves other hosts and other programs alone', () => {
    expect(routeOf(get('https://example.org/assets/x.js'), origin)).toBe('leave');
    expect(routeOf(get('/plugins/calls/', 'navigate'), origin)).toBe('leave');
    expect(routeOf(get('/oauth/gitlab/login', 'navigate'), origin)).toBe('leave');
    expect(routeOf(get('/public/team/room', 'navigate'), origin)).toBe('leave');
  });
});

describe('what is kept', () => {
  const answer = (status: number, kind: string, redirected = false) => ({
    status,
    redirected,
    headers: new Headers({ 'Content-Type': kind }),
  });
  it('is the page and nothing that only stands in its place', () => {
    expect(isShell(answer(200, 'text/html; charset=utf-8'))).toBe(true);
    expect(isShell(answer(200, 'text/html', true))).toBe(false);
    expect(isShell(answer(404, 'text/html'))).toBe(false);
    expect(isShell(answer(200, 'application/json'))).toBe(false);
  });
  it('helps when a proxy finds no server', () => {
    expect([200, 404, 500, 502, 503, 504].filter(isOutage)).toEqual([502, 503, 504]);
  });
  it('is forgotten two versions later', () => {
    expect(outdated(['other', 'shell-1', 'shell-2', 'shell-3'], 'shell-3', 'shell-')).toEqual(['shell-1']);
    expect(outdated(['shell-1', 'shell-2'], 'shell-2', 'shell-')).toEqual([]);
    expect(outdated(['shell-1', 'shell-2', 'shell-3'], 'shell-1', 'shell-')).toEqual(['shell-2']);
    expect(outdated([], 'shell-1', 'shell-')).toEqual([]);
  });
});
