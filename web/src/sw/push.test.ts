import { describe, expect, it } from 'vitest';
import { noticeOf } from './push';

const wire = { type: 'message', title: 'Room', body: '@ada: secret', sender: 'ada', path: '/team/pl/x', tag: 'x' };

describe('noticeOf', () => {
  it('shows what the server says', () => {
    expect(noticeOf(JSON.stringify(wire), false, 'Parley')).toEqual({
      title: 'Room',
      body: '@ada: secret',
      tag: 'x',
      path: '/team/pl/x',
      test: false,
    });
  });
  it('hides the words where they are to be hidden, not those of a test', () => {
    expect(noticeOf(JSON.stringify(wire), true, 'Parley').body).toBe('@ada');
    expect(noticeOf(JSON.stringify({ ...wire, title: 'ada' }), true, 'Parley').body).toBe('');
    expect(noticeOf(JSON.stringify({ ...wire, type: 'test' }), true, 'Parley').body).toBe('@ada: secret');
  });
  it('never leads out of the site', () => {
    for (const path of ['//evil.example', 'https://evil.example', '/\\evil.example', '', 7]) {
      expect(noticeOf(JSON.stringify({ ...wire, path }), false, 'Parley').path).toBe('/');
    }
  });
  it('shows something whatever comes', () => {
    for (const data of ['', '{', 'null', '[]', '7', '{"title":7}']) {
      const shown = noticeOf(data, false, 'Parley');
      expect([shown.title, shown.path, shown.body]).toEqual(['Parley', '/', '']);
    }
  });
});
