/** Files in a message box: how they come in, what they wait for, and that the message takes them along. */
import { act, configure, fireEvent, screen, waitFor } from '@testing-library/react';
import { beforeEach, expect, it, vi } from 'vitest';
import type { FileInfo, Sending } from '@/api/files';
import { ApiError } from '@/api/http';
import type { NewPost } from '@/api/posts';
import { DropAreas } from '@/features/files/DropAreas';
import { watchFiles } from '@/features/files/keep';
import { channelPosts } from '@/store/posts';
import { dispatch, getState } from '@/store/store';
import { renderWithTexts } from '@/testkit/render';
import { toasts } from '@/ui/toast';
import { Composer } from './Composer';
import { post, signIn } from './fixtures';

configure({ asyncUtilTimeout: 15_000 });

type Call = { file: File; sending: Sending; answer: (info: FileInfo) => void; refuse: (error: unknown) => void };

const server = vi.hoisted(() => ({ calls: [] as unknown[], createPost: vi.fn() }));
const calls = server.calls as Call[];
vi.mock('@/api/posts', async (original) => ({ ...(await original<object>()), createPost: server.createPost }));
vi.mock('@/api/files', async (original) => ({
  ...(await original<object>()),
  uploadFile: (_: string, file: File, __: string, sending: Sending) =>
    new Promise((answer, refuse) => server.calls.push({ file, sending, answer, refuse })),
  getFileInfo: () => Promise.resolve({}),
}));

const field = () => screen.getByRole('textbox') as HTMLTextAreaElement;
const text = (name: string, size = 3) => new File(['x'.repeat(size)], name, { type: 'text/plain' });
const data = (files: File[], words = '') => ({
  types: words ? ['text/plain', 'Files'] : ['Files'],
  files,
  items: files.map((file) => ({ kind: 'file', getAsFile: () => file })),
  getData: (type: string) => (type === 'text/plain' ? words : ''),
});
const paste = (files: File[], words = '') => fireEvent.paste(field(), { clipboardData: data(files, words) });
const info = (name: string): FileInfo =>
  ({ id: `id-${name}`, name, size: 3, mime_type: 'text/plain', extension: 'txt', delete_at: 0 }) as FileInfo;
const arrive = (at = 0) =>
  act(async () => {
    const [call] = calls.splice(at, 1);
    call?.answer(info(call.file.name));
  });
const pending = () => {
  const { pending: ids, posts } = channelPosts(getState().posts, 'town');
  return ids.map((id) => posts[id]);
};

beforeEach(() => {
  vi.clearAllMocks();
  calls.length = 0;
  toasts.setState([], true);
  server.createPost.mockImplementation((sent: NewPost) => Promise.resolve(post('new', { ...sent, create_at: 9 })));
  signIn();
  dispatch(
    { type: 'server/config', config: { MaxPostSize: '400', EnableFileAttachments: 'true', MaxFileSize: '10' } },
    { type: 'server/roles', roles: [{ name: 'channel_user', permissions: ['create_post', 'upload_file'] }] as never },
  );
});

it('takes pasted files, sends them at once and the message with them, even without words', async () => {
  renderWithTexts(<Composer channelId="town" />);
  paste([text('one.txt'), text('two.txt')]);
  await screen.findByText('one.txt');
  expect(calls.map(({ file }) => file.name)).toEqual(['one.txt', 'two.txt']);
  expect(screen.getAllByRole('progressbar')).toHaveLength(2);
  await arrive();
  await arrive();
  expect(screen.queryAllByRole('progressbar')).toHaveLength(0);
  await act(async () => fireEvent.keyDown(field(), { key: 'Enter' }));
  expect(server.createPost.mock.calls[0]?.[0]).toMatchObject({
    message: '',
    file_ids: ['id-one.txt', 'id-two.txt'],
  });
  expect(screen.queryByText('one.txt')).toBeNull();
  // Nothing is left to send.
  await act(async () => fireEvent.keyDown(field(), { key: 'Enter' }));
  expect(server.createPost).toHaveBeenCalledTimes(1);
});

it('lets words that come with a picture of themselves be words', () => {
  renderWithTexts(<Composer channelId="town" />);
  paste([new File(['x'], 'image.png', { type: 'image/png' })], 'a table');
  expect(calls).toEqual([]);
});

it('waits with the message for what is under way; what was refused can be tried again or taken away', async () => {
  renderWithTexts(<Composer channelId="town" />);
  paste([text('one.txt'), text('two.txt')]);
  await screen.findByText('one.txt');
  fireEvent.change(field(), { target: { value: 'here you are' } });
  await act(async () => fireEvent.keyDown(field(), { key: 'Enter' }));
  expect(server.createPost).not.toHaveBeenCalled();
  expect(field().value).toBe('');
  const [waits] = pending();
  expect(waits).toMatchObject({ message: 'here you are', pending: 'sending' });
  expect(getState().uploads.map(({ place }) => place)).toEqual([waits?.id, waits?.id]);
  // What is written meanwhile doesn't wait.
  fireEvent.change(field(), { target: { value: 'later' } });
  await act(async () => fireEvent.keyDown(field(), { key: 'Enter' }));
  expect(server.createPost.mock.calls.map(([sent]) => sent.message)).toEqual(['later']);
  await act(async () => calls.splice(0, 1)[0]?.refuse(new ApiError('no', 'Not allowed here', 403)));
  await arrive();
  await waitFor(() => expect(pending()[0]).toMatchObject({ pending: 'failed', failure: 'Not allowed here' }));
  const { retry } = await import('@/features/messages/actions');
  let sent: Promise<boolean> | undefined;
  await act(async () => {
    sent = retry('town', waits?.id ?? '');
  });
  await arrive();
  await expect(sent).resolves.toBe(true);
  expect(server.createPost.mock.calls.at(-1)?.[0]).toMatchObject({
    message: 'here you are',
    file_ids: ['id-one.txt', 'id-two.txt'],
  });
  expect(getState().uploads).toEqual([]);
});

it('ends what is under way when it is taken away, and keeps the focus near', async () => {
  renderWithTexts(<Composer channelId="town" />);
  paste([text('one.txt'), text('two.txt')]);
  fireEvent.click(await screen.findByRole('button', { name: 'Cancel one.txt' }));
  expect(calls[0]?.sending.signal.aborted).toBe(true);
  await waitFor(() => expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Cancel two.txt' })));
  fireEvent.click(screen.getByRole('button', { name: 'Cancel two.txt' }));
  await waitFor(() => expect(document.activeElement).toBe(field()));
});

it('says what is too large or too many before anything is sent', async () => {
  renderWithTexts(<Composer channelId="town" />);
  paste([text('large.txt', 11), ...Array.from({ length: 11 }, (_, i) => text(`${i}.txt`))]);
  const note = await screen.findByText(/large\.txt is larger than 10 byte, the most that this server takes/);
  expect(note.textContent).toMatch(/A message can have 10 files: one was left out/);
  expect(getState().uploads).toHaveLength(10);
});

it('draws where files can be dropped, and takes them there; folders are refused', async () => {
  renderWithTexts(
    <>
      <main>
        <Composer channelId="town" />
      </main>
      <DropAreas />
    </>,
  );
  const main = screen.getByRole('main');
  main.getClientRects = () => [new DOMRect(0, 0, 100, 100)] as never;
  fireEvent.dragEnter(window, { dataTransfer: data([text('one.txt')]) });
  const area = await screen.findByText('Drop files to send them to The town');
  const folder = {
    kind: 'file',
    getAsFile: () => text('docs'),
    webkitGetAsEntry: () => ({ isDirectory: true, name: 'docs' }),
  };
  const dropped = data([text('one.txt')]);
  fireEvent.drop(area, { dataTransfer: { ...dropped, items: [...dropped.items, folder] } });
  await screen.findByText('one.txt');
  expect(screen.queryByText('Drop files to send them to The town')).toBeNull();
  expect(calls.map(({ file }) => file.name)).toEqual(['one.txt']);
  await screen.findByText('docs is a folder: only files can be sent.');
  // A picture of the page itself that is dragged is no file from outside.
  fireEvent.dragStart(main);
  fireEvent.dragEnter(window, { dataTransfer: data([text('own.png')]) });
  expect(screen.queryByText('Drop files to send them to The town')).toBeNull();
  fireEvent.dragEnd(main);
});

it('keeps what has arrived with the draft, also for a page that is opened later', async () => {
  const stop = watchFiles();
  const first = renderWithTexts(<Composer channelId="town" />);
  paste([text('one.txt'), text('two.txt')]);
  await screen.findByText('one.txt');
  await arrive();
  first.unmount();
  expect(getState().uploads.map(({ name, status }) => `${name} ${status}`)).toEqual([
    'one.txt done',
    'two.txt sending',
  ]);
  stop();
  const me = getState().users.profiles.me as never;
  dispatch({ type: 'signed-out' }, { type: 'users/me', user: me });
  const again = watchFiles();
  expect(getState().uploads.map(({ name, place }) => `${place}${name}`)).toEqual(['town one.txt']);
  again();
});

it('offers nothing where files can’t be sent, and says so', async () => {
  dispatch({ type: 'server/config', config: { MaxPostSize: '400', EnableFileAttachments: 'false' } });
  renderWithTexts(<Composer channelId="town" />);
  expect(screen.queryByRole('button', { name: 'Attach files' })).toBeNull();
  paste([text('one.txt')]);
  expect(toasts.getState().at(-1)?.text).toBe('Files can’t be added here.');
});
