import { act, fireEvent, screen } from '@testing-library/react';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { renderWithTexts } from '@/testkit/render';
import type { MarkdownContext } from './context';
import { loadGlyphs } from './glyphs';
import { Markdown } from './Markdown';
import { imageBox } from './Picture';

const people: Record<string, { id: string; label: string; me: boolean }> = {
  ana: { id: 'a', label: 'Ana Lopes', me: true },
  'ben.': { id: 'b', label: 'Ben', me: false },
};
const context: MarkdownContext = {
  mention: (name) => people[name],
  channel: (name) => (name === 'town-square' ? { label: 'Town Square', href: '/t/channels/town-square' } : undefined),
  emoji: (name) => (name === 'party' ? '/api/v4/emoji/x/image' : undefined),
  siteUrl: 'http://chat.test/',
};

const show = (text: string, more: MarkdownContext = {}, compact = false) =>
  renderWithTexts(<Markdown text={text} context={{ ...context, ...more }} compact={compact} />).container;

// Chunks are fetched when they are needed, which takes a while on a busy machine.
const patience = { timeout: 15_000 };

beforeAll(() => loadGlyphs().then(() => undefined));

describe('Markdown', () => {
  it('calls people by the name that they are shown by', () => {
    const onMention = vi.fn();
    const body = show('@Ana, @ben. and @nobody. @all', { onMention });
    expect(body.textContent).toBe('@Ana Lopes, @Ben and @nobody. @all');
    fireEvent.click(screen.getByRole('button', { name: '@Ana Lopes' }));
    expect(onMention).toHaveBeenCalledWith('a', expect.any(HTMLElement));
    expect(screen.getByText('@all').hasAttribute('data-me')).toBe(true);
  });

  it('leaves @all without a look where it had no effect', () => {
    show('@all', { disableGroupHighlight: true });
    expect(screen.getByText('@all').hasAttribute('data-me')).toBe(false);
  });

  it('opens places of this site inside the client and others in a window of their own', () => {
    const onNavigate = vi.fn();
    const id = 'a'.repeat(26);
    show(`~town-square http://chat.test/t/pl/${id} http://chat.test/api/v4/files/x http://else.test/t/pl/${id}`, {
      onNavigate,
    });
    fireEvent.click(screen.getByRole('link', { name: '~Town Square' }));
    fireEvent.click(screen.getByRole('link', { name: `http://chat.test/t/pl/${id}` }));
    expect(onNavigate.mock.calls).toEqual([['/t/channels/town-square'], [`/t/pl/${id}`]]);
    const links = screen.getAllByRole('link');
    expect(links.map((link) => link.getAttribute('target'))).toEqual([null, null, '_blank', '_blank']);
    for (const link of links) expect(link.getAttribute('rel')).toBe('noopener noreferrer');
  });

  it('follows a modified click as the browser does', () => {
    const onNavigate = vi.fn();
    show('~town-square', { onNavigate });
    fireEvent.click(screen.getByRole('link'), { ctrlKey: true });
    expect(onNavigate).not.toHaveBeenCalled();
  });

  it('draws emojis by name, custom ones as pictures, unknown ones as text', () => {
    const body = show('so :smile: :wave_dark_skin_tone: :party: :nothing: 10:30:smile: :)');
    expect(screen.getAllByRole('img', { name: ':smile:' }).map((e) => e.textContent)).toEqual(['😄', '😄']);
    expect(screen.getByRole('img', { name: ':wave_dark_skin_tone:' }).textContent).toBe('👋🏿');
    expect(screen.getByRole('img', { name: ':party:' }).getAttribute('src')).toBe('/api/v4/emoji/x/image');
    expect(body.textContent).toBe('so 😄 👋🏿  :nothing: 10:30😄 🙂');
  });

  it('leaves emoticons alone where they are not wished', () => {
    expect(show('so :)', { emoticons: false }).textContent).toBe('so :)');
  });

  it('marks own words and what was searched for', () => {
    const body = show('Release of the Café-Crème, released', {
      mentionKeys: [{ key: 'release' }],
      searchTerms: ['cafe', '"creme"'],
    });
    expect([...body.querySelectorAll('mark')].map((m) => m.textContent)).toEqual(['Release', 'Café', 'Crème']);
  });

  it('searches for a hashtag that is long enough', () => {
    const onHashtag = vi.fn();
    show('#ok #longer', { onHashtag, hashtagMinLength: 5 });
    fireEvent.click(screen.getByRole('button', { name: '#longer' }));
    expect(onHashtag).toHaveBeenCalledWith('#longer');
    expect(screen.queryByRole('button', { name: '#ok' })).toBeNull();
  });

  it('colours code when its language has arrived and copies it', async () => {
    const writeText = vi.fn(() => Promise.resolve());
    vi.stubGlobal('navigator', { ...navigator, clipboard: { writeText } });
    const body = show('```ts\nconst a = "<b>";\n```');
    expect(body.querySelector('code')?.textContent).toBe('const a = "<b>";');
    await vi.waitFor(() => expect(body.querySelector('code span')?.textContent).toBe('const'), patience);
    expect(body.querySelector('code')?.textContent).toBe('const a = "<b>";');
    await act(async () => fireEvent.click(screen.getByRole('button', { name: 'Copy code' })));
    expect(writeText).toHaveBeenCalledWith('const a = "<b>";');
    expect(screen.getByRole('status').textContent).toBe('Copied');
    vi.unstubAllGlobals();
  });

  it('draws formulas where they are enabled', async () => {
    // The engine refuses to draw where a page has no document type; this one has it.
    Object.defineProperty(document, 'compatMode', { value: 'CSS1Compat', configurable: true });
    const body = show('```latex\nx^2\n```', { latex: true });
    await vi.waitFor(() => expect(body.querySelector('math')).not.toBeNull(), patience);
    expect(show('```latex\nx^2\n```').querySelector('pre')).not.toBeNull();
  });

  it('gives an image its room before it is there', () => {
    show('![cat](http://a.test/cat.png)', {
      imageSize: () => ({ width: 960, height: 640 }),
      imageUrl: (s) => `/proxy?${s}`,
    });
    const image = screen.getByRole('img', { name: 'cat' });
    expect([image.getAttribute('width'), image.getAttribute('height'), image.getAttribute('src')]).toEqual([
      '480',
      '320',
      '/proxy?http://a.test/cat.png',
    ]);
    expect(imageBox(undefined, {})).toBeUndefined();
    expect(imageBox({ width: 100, height: 50 }, { width: 50 })).toEqual({ width: 50, height: 25 });
    expect(imageBox(undefined, { width: 9999, height: 10 })).toEqual({ width: 480, height: 1 });
  });

  it('shows an image as a link in a preview and when it fails', () => {
    show('![cat](http://a.test/cat.png)', {}, true);
    expect(screen.getByRole('link', { name: 'cat' })).toBeTruthy();
    const body = show('![dog](http://a.test/dog.png)');
    const image = body.querySelector('img');
    if (image) fireEvent.error(image);
    expect(screen.getByRole('link', { name: 'dog' }).textContent).toBe('dog');
  });

  it('says of each task whether it is done', () => {
    show('- [ ] one\n- [x] two');
    expect(
      screen.getAllByRole('listitem').map((item) => item.querySelector('svg')?.getAttribute('aria-label')),
    ).toEqual(['Not done:', 'Done:']);
  });
});
