/** Reads the markdown of messages, within limits, and remembers what it read. */
import NewMarkdownIt, { type MarkdownIt } from 'markdown-it';
import { buildBlocks } from './build';
import { allowedSchemes, safeHref } from './links';
import { inlineRules, maxDepth, noteDepth } from './rules';
import type { Block, Inline, Tree } from './tree';

/** ParseOptions are what a server decides about the reading of messages. */
export interface ParseOptions {
  /** Schemes of addresses beside http, https, mailto, tel and ftp. */
  schemes?: readonly string[];
  /** `$…$` is a formula. */
  inlineLatex?: boolean;
}

/** A longer text is shown as it was written. */
export const maxLength = 100_000;

/** So many emojis alone are shown large. */
const maxLargeEmojis = 12;

const keptTexts = 600;
const keptCharacters = 2_000_000;

interface Reader {
  markdown: MarkdownIt;
  schemes: ReadonlySet<string>;
  kept: Map<string, Tree>;
  characters: number;
}

const readers = new Map<string, Reader>();

function newReader(options: ParseOptions): Reader {
  const schemes = allowedSchemes(options.schemes);
  const markdown = NewMarkdownIt({
    html: false,
    breaks: true,
    linkify: false,
    typographer: false,
    maxNesting: maxDepth,
  });
  // A definition such as `[note]: words` would vanish from the message; nobody writes it to that end in a chat.
  markdown.disable(['reference', 'html_block', 'html_inline', 'image', 'linkify']);
  for (const [name, rule] of inlineRules(schemes)) markdown.inline.ruler.before('newline', name, rule);
  if (!options.inlineLatex) markdown.inline.ruler.disable('formula');
  markdown.block.ruler.before('table', 'depth', noteDepth, { alt: ['paragraph', 'blockquote', 'list'] });
  markdown.normalizeLink = (url) => safeHref(url, schemes) ?? '';
  markdown.validateLink = (url) => url !== '';
  markdown.normalizeLinkText = (url) => url;
  return { markdown, schemes, kept: new Map(), characters: 0 };
}

function readerOf(options: ParseOptions): Reader {
  const key = `${options.inlineLatex ? '$' : ''} ${options.schemes?.join(' ') ?? ''}`;
  let reader = readers.get(key);
  if (!reader) {
    reader = newReader(options);
    readers.set(key, reader);
  }
  return reader;
}

/** parse reads a message. The same text gives the same tree, which nobody may change. It never throws. */
export function parse(text: string, options: ParseOptions = {}): Tree {
  const reader = readerOf(options);
  const known = reader.kept.get(text);
  if (known) {
    // What was asked for last is forgotten last.
    reader.kept.delete(text);
    reader.kept.set(text, known);
    return known;
  }
  const tree = read(text, reader);
  keep(reader, text, tree);
  return tree;
}

function keep(reader: Reader, text: string, tree: Tree): void {
  reader.kept.set(text, tree);
  reader.characters += text.length;
  for (const oldest of reader.kept.keys()) {
    if (reader.kept.size <= keptTexts && reader.characters <= keptCharacters) break;
    reader.kept.delete(oldest);
    reader.characters -= oldest.length;
  }
}

function read(text: string, reader: Reader): Tree {
  if (text.length > maxLength) return plain(text);
  try {
    const env: { tooDeep?: boolean } = {};
    const tokens = reader.markdown.parse(text, env as Record<string, unknown>);
    if (env.tooDeep) return plain(text);
    const blocks = buildBlocks(tokens, reader.schemes);
    return { blocks, onlyEmoji: onlyEmoji(blocks) };
  } catch {
    // Words that can't be read as markdown are still words.
    return plain(text);
  }
}

function plain(text: string): Tree {
  return { blocks: [{ type: 'plain', text }], onlyEmoji: false };
}

function onlyEmoji(blocks: readonly Block[]): boolean {
  const [only] = blocks;
  if (blocks.length !== 1 || only?.type !== 'paragraph') return false;
  let count = 0;
  for (const node of only.children) {
    const emojis = emojisIn(node);
    if (emojis < 0) return false;
    count += emojis;
  }
  return count > 0 && count <= maxLargeEmojis;
}

function emojisIn(node: Inline): number {
  if (node.type === 'emoji') return node.names.length;
  if (node.type === 'glyph' || node.type === 'emoticon') return 1;
  return node.type === 'break' || (node.type === 'text' && !node.text.trim()) ? 0 : -1;
}
