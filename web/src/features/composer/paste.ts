/** What is pasted, as markdown: tables, links, code. */
import { type Change, codeBlock, insideFence, link, replace, type Selected } from './editing';

/** Clip is what the clipboard holds. */
export interface Clip {
  text: string;
  html: string;
  /** What an editor says of the code that was copied from it. */
  editor?: string;
}

const webAddress = /^https?:\/\/\S+$/i;
/** Longer HTML is pasted as its text: nobody pastes a page into a message to keep its links. */
const maxHtml = 200_000;

/** pasted returns how a paste changes the text; undefined when the browser's own way is right. */
export function pasted(selected: Selected, clip: Clip): Change | undefined {
  if (insideFence(selected.text, selected.start)) return undefined;
  const text = clip.text.replace(/\r\n?/g, '\n');
  if (selected.start !== selected.end && webAddress.test(text.trim())) {
    const words = selected.text.slice(selected.start, selected.end);
    if (!words.includes('\n') && !webAddress.test(words)) return link(selected, text.trim());
  }
  if (clip.editor !== undefined && text.trim().includes('\n')) {
    return fenced(selected, text.replace(/\n+$/, ''), languageOf(clip.editor));
  }
  if (!clip.html || clip.html.length > maxHtml) return undefined;
  const markdown = markdownOf(clip.html);
  return markdown === undefined ? undefined : replace(selected, markdown);
}

function fenced(selected: Selected, code: string, language: string): Change {
  const { start, end, text } = selected;
  const inserted = codeBlock(
    { text: text.slice(0, start) + code + text.slice(end), start, end: start + code.length },
    language,
  );
  const caret = start + inserted.insert.length;
  return { start, end, insert: inserted.insert, selectStart: caret, selectEnd: caret };
}

function languageOf(editor: string): string {
  try {
    const mode: unknown = JSON.parse(editor)?.mode;
    return typeof mode === 'string' && /^[a-z0-9#+-]{1,20}$/.test(mode) && mode !== 'plaintext' ? mode : '';
  } catch {
    return '';
  }
}

/** markdownOf reads HTML that has tables or links; undefined when it has neither, and its text says it all. */
export function markdownOf(html: string): string | undefined {
  const body = new DOMParser().parseFromString(html, 'text/html').body;
  const tables = [...body.querySelectorAll('table')].filter(
    (table) => !table.querySelector('table') && table.rows.length > 1,
  );
  const links = [...body.querySelectorAll('a[href]')].filter((a) => webAddress.test(a.getAttribute('href') ?? ''));
  if (tables.length === 0 && links.length === 0) return undefined;
  const text = textOf(body)
    .replace(/[ \t]+\n/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
  return text || undefined;
}

const blocks = new Set(
  'ADDRESS ARTICLE BLOCKQUOTE DIV DL FIGURE H1 H2 H3 H4 H5 H6 HR OL P PRE SECTION TABLE UL'.split(' '),
);

function textOf(node: Node): string {
  if (node.nodeType === Node.TEXT_NODE) return (node.textContent ?? '').replace(/\s+/g, ' ');
  if (!(node instanceof Element)) return '';
  const name = node.tagName;
  if (name === 'STYLE' || name === 'SCRIPT' || name === 'HEAD') return '';
  if (name === 'BR') return '\n';
  if (name === 'TABLE') return tableOf(node as HTMLTableElement);
  const inner = [...node.childNodes].map(textOf).join('');
  if (name === 'A') return linkOf(node, inner);
  if (name === 'LI') return `- ${inner.trim()}\n`;
  return blocks.has(name) ? `\n${inner.trim()}\n\n` : inner;
}

function linkOf(element: Element, inner: string): string {
  const href = element.getAttribute('href') ?? '';
  const words = inner.trim();
  if (!webAddress.test(href) || !words) return inner;
  if (words === href || words === href.replace(/\/$/, '')) return href;
  return `[${words.replace(/[[\]]/g, '\\$&')}](${href.replace(/[()]/g, (c) => (c === '(' ? '%28' : '%29'))})`;
}

function tableOf(table: HTMLTableElement): string {
  const rows = [...table.rows]
    .map((row) =>
      [...row.cells].map((cell) =>
        [...cell.childNodes]
          .map(textOf)
          .join('')
          .trim()
          .replace(/\s*\n+\s*/g, ' ')
          .replace(/\|/g, '\\|'),
      ),
    )
    .filter((row) => row.length > 0);
  const width = Math.max(...rows.map((row) => row.length));
  // One column is a list of lines, and one row a line of words: neither is a table to a reader.
  if (rows.length < 2 || width < 2) return `\n${rows.map((row) => row.join(' ')).join('\n')}\n\n`;
  const line = (cells: string[]) => `| ${Array.from({ length: width }, (_, i) => cells[i] ?? '').join(' | ')} |`;
  const [head = [], ...rest] = rows;
  return `\n${[line(head), `|${' --- |'.repeat(width)}`, ...rest.map(line)].join('\n')}\n\n`;
}
