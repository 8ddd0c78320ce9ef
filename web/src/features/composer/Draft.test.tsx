import { act, fireEvent, screen } from '@testing-library/react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { NewPost } from '@/api/posts';
import { dispatch, getState } from '@/store/store';
import { renderWithTexts } from '@/testkit/render';
import { Composer } from './Composer';
import { watchDrafts } from './drafts';
import { EditBox } from './EditBox';
import { person, post, signIn } from './fixtures';

const posts = vi.hoisted(() => ({ createPost: vi.fn(), editPost: vi.fn() }));
const users = vi.hoisted(() => ({ autocompleteUsers: vi.fn(), setStatus: vi.fn() }));
vi.mock('@/api/posts', async (original) => ({ ...(await original<object>()), ...posts }));
vi.mock('@/api/server', async (original) => ({
  ...(await original<object>()),
  savePreferences: () => Promise.resolve({ status: 'OK' }),
}));
vi.mock('@/api/users', async (original) => ({ ...(await original<object>()), ...users }));

const field = () => screen.getByRole('textbox') as HTMLTextAreaElement;
const write = (text: string) => fireEvent.change(field(), { target: { value: text } });
const press = (key: string, more = {}) => fireEvent.keyDown(field(), { key, ...more });

beforeEach(() => {
  vi.clearAllMocks();
  posts.createPost.mockImplementation((sent: NewPost) => Promise.resolve(post('new', { ...sent, create_at: 9 })));
  posts.editPost.mockImplementation((id: string, message: string) =>
    Promise.resolve(post(id, { message, edit_at: 5, update_at: 5 })),
  );
  users.autocompleteUsers.mockResolvedValue({
    users: [person('ana', { first_name: 'Ana' })],
    out_of_channel: [person('ben')],
  });
  signIn();
});

describe('drafts', () => {
  it('wait where they were written, for each channel and thread', () => {
    const stop = watchDrafts();
    const first = renderWithTexts(<Composer channelId="town" />);
    write('half a thou');
    first.unmount();
    const thread = renderWithTexts(<Composer channelId="town" rootId="root" />);
    expect(field().value).toBe('');
    thread.unmount();
    renderWithTexts(<Composer channelId="town" />);
    expect(field().value).toBe('half a thou');
    stop();
  });

  it('are there again after the page was closed, and gone when sent', async () => {
    localStorage.setItem('parley.draft.me.town ', JSON.stringify({ message: 'from before', updatedAt: 3 }));
    localStorage.setItem('parley.draft.me.other ', 'broken');
    const stop = watchDrafts();
    expect(Object.keys(getState().drafts)).toEqual(['town ']);
    renderWithTexts(<Composer channelId="town" />);
    expect(field().value).toBe('from before');
    await act(async () => press('Enter'));
    expect(localStorage.getItem('parley.draft.me.town ')).toBeNull();
    expect(getState().drafts).toEqual({});
    stop();
  });

  it('come over from another window, unless one is writing here', () => {
    const stop = watchDrafts();
    renderWithTexts(<Composer channelId="town" />);
    const other = (message: string) =>
      act(() => {
        window.dispatchEvent(
          new StorageEvent('storage', {
            key: 'parley.draft.me.town ',
            newValue: JSON.stringify({ message, updatedAt: 4 }),
          }),
        );
      });
    other('from there');
    expect(field().value).toBe('from there');
    write('mine');
    vi.spyOn(document, 'hasFocus').mockReturnValue(true);
    other('again from there');
    expect(field().value).toBe('mine');
    stop();
  });
});

describe('editing', () => {
  beforeEach(() => dispatch({ type: 'post/heard', post: post('mine', { message: 'first' }) }));

  it('begins with ↑ in an empty box only', () => {
    renderWithTexts(<Composer channelId="town" />);
    write('x');
    press('ArrowUp');
    expect(getState().place.editing).toBeUndefined();
    write('');
    press('ArrowUp');
    expect(getState().place.editing).toEqual({ channelId: 'town', postId: 'mine', where: 'centre' });
  });

  it('saves on Enter and leaves on Escape', async () => {
    dispatch({ type: 'place/editing', editing: { channelId: 'town', postId: 'mine', where: 'centre' } });
    renderWithTexts(<EditBox channelId="town" postId="mine" where="centre" />);
    expect(field().value).toBe('first');
    write('second');
    await act(async () => press('Enter'));
    expect(posts.editPost).toHaveBeenCalledWith('mine', 'second');
    expect(getState().place.editing).toBeUndefined();
  });

  it('says why it could not save and keeps the words', async () => {
    posts.editPost.mockRejectedValue(new Error('Too late to edit.'));
    renderWithTexts(<EditBox channelId="town" postId="mine" where="centre" />);
    write('second');
    await act(async () => press('Enter'));
    expect(screen.getByRole('status').textContent).toBeTruthy();
    expect(field().value).toBe('second');
    expect(field().getAttribute('aria-invalid')).toBe('true');
  });

  it('asks before a message without words is deleted', () => {
    renderWithTexts(<EditBox channelId="town" postId="mine" where="centre" />);
    write(' ');
    press('Enter');
    expect(getState().place.dialog).toEqual({ kind: 'delete-post', channelId: 'town', postId: 'mine' });
  });
});
