import { act, configure, fireEvent, screen, waitFor } from '@testing-library/react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError } from '@/api/http';
import type { NewPost } from '@/api/posts';
import { dispatch } from '@/store/store';
import { renderWithTexts } from '@/testkit/render';
import { toasts } from '@/ui/toast';
import { Composer } from './Composer';
import { person, post, signIn } from './fixtures';
import { focusComposer, writeInComposer } from './focus';

// Chunks are fetched when they are needed, which takes a while on a busy machine.
configure({ asyncUtilTimeout: 15_000 });

const posts = vi.hoisted(() => ({ createPost: vi.fn(), editPost: vi.fn() }));
const served = vi.hoisted(() => ({
  executeCommand: vi.fn(),
  getTeamCommands: vi.fn(),
  getCommandSuggestions: vi.fn(),
}));
const users = vi.hoisted(() => ({ autocompleteUsers: vi.fn(), setStatus: vi.fn() }));
vi.mock('@/api/posts', async (original) => ({ ...(await original<object>()), ...posts }));
vi.mock('@/api/commands', async (original) => ({ ...(await original<object>()), ...served }));
vi.mock('@/api/server', async (original) => ({
  ...(await original<object>()),
  savePreferences: () => Promise.resolve({ status: 'OK' }),
}));
vi.mock('@/api/users', async (original) => ({ ...(await original<object>()), ...users }));

const field = () => screen.getByRole('textbox') as HTMLTextAreaElement;
const write = (text: string) => fireEvent.change(field(), { target: { value: text } });
const press = (key: string, more = {}) => fireEvent.keyDown(field(), { key, ...more });
const options = () => screen.queryAllByRole('option').map((option) => option.textContent);

const type = (text: string) => {
  write(text);
  fireEvent.select(field());
};

beforeEach(() => {
  vi.clearAllMocks();
  posts.createPost.mockImplementation((sent: NewPost) => Promise.resolve(post('new', { ...sent, create_at: 9 })));
  posts.editPost.mockImplementation((id: string, message: string) =>
    Promise.resolve(post(id, { message, edit_at: 5, update_at: 5 })),
  );
  // The list is kept for a minute, so it is the same for all.
  served.getTeamCommands.mockResolvedValue([
    { trigger: 'jira', display_name: '', auto_complete_desc: 'Issues', auto_complete_hint: '[action]' },
    { trigger: 'away', display_name: '', auto_complete_desc: 'of the server', auto_complete_hint: '' },
  ]);
  served.getCommandSuggestions.mockResolvedValue([]);
  users.autocompleteUsers.mockResolvedValue({
    users: [person('ana', { first_name: 'Ana' })],
    out_of_channel: [person('ben')],
  });
  signIn();
});

describe('the message box', () => {
  it('sends on Enter, empties itself and keeps the focus', async () => {
    renderWithTexts(<Composer channelId="town" />);
    expect(document.activeElement).toBe(field());
    write('hello  ');
    await act(async () => press('Enter'));
    expect(posts.createPost.mock.calls[0]?.[0]).toMatchObject({ channel_id: 'town', root_id: '', message: 'hello' });
    expect(field().value).toBe('');
    expect(document.activeElement).toBe(field());
  });

  it('breaks the line on Shift+Enter, within a list with its mark, and in code', () => {
    renderWithTexts(<Composer channelId="town" />);
    write('- one');
    field().setSelectionRange(5, 5);
    press('Enter', { shiftKey: true });
    expect(field().value).toBe('- one\n- ');
    write('```\nx');
    press('Enter');
    expect(posts.createPost).not.toHaveBeenCalled();
  });

  it('says that it has nothing to send, and sends nothing', () => {
    renderWithTexts(<Composer channelId="town" />);
    write('   ');
    press('Enter');
    fireEvent.click(screen.getByRole('button', { name: 'Send' }));
    expect(screen.getByRole('button', { name: 'Send' }).getAttribute('aria-disabled')).toBe('true');
    expect(posts.createPost).not.toHaveBeenCalled();
  });

  it('counts what is left and refuses in words what is too long', () => {
    renderWithTexts(<Composer channelId="town" />);
    write('x'.repeat(38));
    expect(screen.getByText('2 left')).toBeTruthy();
    write('😄'.repeat(42));
    press('Enter');
    expect(screen.getByText(/2 characters too long/)).toBeTruthy();
    expect(field().getAttribute('aria-invalid')).toBe('true');
    expect(posts.createPost).not.toHaveBeenCalled();
  });

  it('answers in a thread', async () => {
    renderWithTexts(<Composer channelId="town" rootId="root" where="pane" />);
    write('yes');
    await act(async () => press('Enter'));
    expect(posts.createPost.mock.calls[0]?.[0]).toMatchObject({ root_id: 'root' });
  });

  it('says in French what it is', () => {
    renderWithTexts(<Composer channelId="town" />, 'fr');
    expect(screen.getByRole('textbox', { name: 'Message pour The town' })).toBeTruthy();
  });

  it('is found by shortcuts', () => {
    renderWithTexts(<Composer channelId="town" />);
    field().blur();
    expect(focusComposer('centre')).toBe(true);
    expect(document.activeElement).toBe(field());
    expect(writeInComposer('centre', '> quoted')).toBe(true);
    expect(field().value).toBe('> quoted');
    expect(focusComposer('pane')).toBe(false);
  });

  it('formats by key, previews and comes back', () => {
    renderWithTexts(<Composer channelId="town" />);
    write('words');
    field().setSelectionRange(0, 5);
    press('b', { ctrlKey: true });
    expect(field().value).toBe('**words**');
    press('p', { ctrlKey: true, altKey: true });
    const preview = screen.getByRole('group', { name: 'Preview' });
    expect(preview.querySelector('strong')?.textContent).toBe('words');
    fireEvent.keyDown(preview, { key: 'Escape' });
    expect(screen.queryByRole('group', { name: 'Preview' })).toBeNull();
  });
});

describe('where one can’t write', () => {
  it.each([
    ['old', /archived/],
    ['shut', /rules don’t let you/],
    ['me__gone', /gone has been deactivated/],
  ])('%s says why', (id, words) => {
    dispatch({ type: 'users/received', users: [person('gone', { delete_at: 4 })] });
    renderWithTexts(<Composer channelId={id} />);
    expect(screen.getByRole('note').textContent).toMatch(words);
    expect(screen.queryByRole('textbox')).toBeNull();
  });
});

describe('completion', () => {
  it('names the active option, walks the list and takes one', async () => {
    renderWithTexts(<Composer channelId="town" />);
    await act(async () => type('hi @'));
    await waitFor(() => expect(options()).toHaveLength(5));
    expect(screen.getByRole('option', { selected: true }).textContent).toContain('ana');
    const active = field().getAttribute('aria-activedescendant');
    expect(document.getElementById(active ?? '')?.getAttribute('aria-selected')).toBe('true');
    press('ArrowUp');
    expect(screen.getByRole('option', { selected: true }).textContent).toContain('ben');
    press('ArrowDown');
    press('Tab');
    expect(field().value).toBe('hi @ana ');
    expect(screen.queryByRole('listbox')).toBeNull();
    expect(posts.createPost).not.toHaveBeenCalled();
  });

  it('closes on Escape and stays closed for that word', async () => {
    renderWithTexts(<Composer channelId="town" />);
    await act(async () => type('@a'));
    await waitFor(() => expect(options().length).toBeGreaterThan(0));
    press('Escape');
    await act(async () => type('@an'));
    expect(options()).toEqual([]);
    await act(async () => type('@an @a'));
    await waitFor(() => expect(options().length).toBeGreaterThan(0));
  });

  it('offers channels, emojis and commands', async () => {
    renderWithTexts(<Composer channelId="town" />);
    await act(async () => type('~tow'));
    expect(options()[0]).toContain('The town');
    await act(async () => type(':tada'));
    await waitFor(() => expect(options()[0]).toContain(':tada:'));
    press('Enter');
    expect(field().value).toBe(':tada: ');
    await act(async () => type('/shr'));
    expect(options()[0]).toContain('/shrug');
  });
});

describe('commands', () => {
  it('are carried out here, or sent as words after a hint', async () => {
    users.setStatus.mockResolvedValue({ user_id: 'me', status: 'away' });
    renderWithTexts(<Composer channelId="town" />);
    write('/away');
    await act(async () => press('Enter'));
    await waitFor(() => expect(toasts.getState().at(-1)?.text).toBe('You are shown as away.'));
    expect(field().value).toBe('');
    write('/me waves');
    await act(async () => press('Enter'));
    await waitFor(() => expect(posts.createPost.mock.calls[0]?.[0]).toMatchObject({ message: '*waves*', type: 'me' }));
    served.executeCommand.mockRejectedValue(
      new ApiError('api.command.execute_command.not_found.app_error', 'None.', 404),
    );
    write('/nothing here');
    press('Enter');
    await waitFor(() => expect(screen.getByRole('status').textContent).toMatch(/no command \/nothing/));
    expect(served.executeCommand).toHaveBeenCalledWith(
      expect.objectContaining({ channelId: 'town', rootId: '' }),
      '/nothing here',
    );
    await act(async () => press('Enter'));
    expect(posts.createPost.mock.calls[1]?.[0]).toMatchObject({ message: '/nothing here' });
  });

  it('of integrations are offered, go on, run, and stay written when they fail', async () => {
    const suggestion = (word: string) => ({
      Complete: `jira ${word}`,
      Suggestion: word,
      Hint: '',
      Description: `to ${word}`,
      IconData: '',
    });
    served.getCommandSuggestions.mockResolvedValue([suggestion('create'), suggestion('close')]);
    renderWithTexts(<Composer channelId="town" />);
    await act(async () => type('/jir'));
    await waitFor(() => expect(options()).toEqual(['/jira[action]Issues']));
    press('Enter');
    expect(field().value).toBe('/jira ');
    await waitFor(() => expect(options()).toEqual(['createto create', 'closeto close']));
    press('ArrowDown');
    press('Enter');
    expect(field().value).toBe('/jira close ');
    served.executeCommand.mockRejectedValueOnce(new ApiError('x', 'It is out of order.', 500));
    await waitFor(() => expect(options()).toEqual([]));
    await act(async () => press('Enter'));
    await waitFor(() => expect(screen.getByText('It is out of order.')).toBeTruthy());
    expect(field().value).toBe('/jira close ');
    served.executeCommand.mockResolvedValueOnce({
      goto_location: 'javascript:alert(1)',
      text: '',
      response_type: '',
      trigger_id: '',
    });
    await act(async () => press('Enter'));
    await waitFor(() => expect(field().value).toBe(''));
    expect(posts.createPost).not.toHaveBeenCalled();
  });

  it('say what they lack', async () => {
    renderWithTexts(<Composer channelId="town" />);
    write('/join');
    press('Escape');
    await act(async () => press('Enter'));
    await waitFor(() => expect(screen.getByRole('status').textContent).toMatch(/Say which channel/));
    expect(field().value).toBe('/join');
  });
});

describe('notifying everyone', () => {
  const crowd = (count: number) =>
    dispatch({ type: 'channel/stats', stats: { channel_id: 'town', member_count: count } as never });
  it('is asked about in a larger channel', async () => {
    crowd(7);
    renderWithTexts(<Composer channelId="town" />);
    write('@channel hi');
    press('Enter');
    expect(posts.createPost).not.toHaveBeenCalled();
    expect((await screen.findByRole('dialog')).textContent).toContain('6 people');
    await act(async () => fireEvent.click(screen.getByRole('button', { name: 'Send and notify' })));
    expect(posts.createPost).toHaveBeenCalledTimes(1);
  });
  it('is not asked about in a small one, or in code', async () => {
    crowd(4);
    renderWithTexts(<Composer channelId="town" />);
    write('@channel hi');
    await act(async () => press('Enter'));
    crowd(70);
    write('`@channel`');
    await act(async () => press('Enter'));
    expect(posts.createPost).toHaveBeenCalledTimes(2);
  });
});

describe('who is writing', () => {
  it('is said by name, without oneself', () => {
    const ids = ['me', 'ana', 'ben'];
    dispatch(
      { type: 'users/received', users: ids.map((id) => person(id)) },
      { type: 'server/connection', connection: 'online' },
    );
    renderWithTexts(<Composer channelId="town" />);
    for (const userId of ids)
      act(() => dispatch({ type: 'typing/heard', channelId: 'town', rootId: '', userId, until: Date.now() + 9999 }));
    expect(screen.getByText('ana and ben are typing…')).toBeTruthy();
    act(() => dispatch({ type: 'typing/ended', channelId: 'town', rootId: '', userId: 'ben' }));
    expect(screen.getByText('ana is typing…')).toBeTruthy();
  });
});
