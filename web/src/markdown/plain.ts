/** One line that says what a message says: for notifications, lists of threads and quoted replies. */
import { glyphs } from './glyphs';
import { parse } from './parse';
import type { Block, Inline } from './tree';

/** What is read of a long message: no preview has room for more. */
const enough = 2_000;

const marksOfDirection = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

export interface PlainOptions {
  /** The longest result, with an ellipsis at its end; 300 unless given. */
  max?: number;
  /** mention returns what stands after the @ for a username; the username itself when it is unknown. */
  mention?: (name: string) => string | undefined;
}

/**
 * plainText returns a message as one line without markup. Emojis are characters once their data is loaded, an image is
 * its words, a table its cells.
 */
export function plainText(text: string, options: PlainOptions = {}): string {
  const max = options.max ?? 300;
  const tree = parse(text.length > enough ? text.slice(0, enough) : text);
  const line = tree.blocks
    .map((block) => ofBlock(block, options))
    .join(' ')
    .replace(marksOfDirection, '')
    .replace(/\s+/g, ' ')
    .trim();
  const characters = line.length > max ? [...line] : [];
  return characters.length > max
    ? `${characters
        .slice(0, max - 1)
        .join('')
        .trimEnd()}…`
    : line;
}

function ofBlock(block: Block, options: PlainOptions): string {
  switch (block.type) {
    case 'paragraph':
    case 'line':
    case 'heading':
      return ofInlines(block.children, options);
    case 'quote':
      return block.children.map((child) => ofBlock(child, options)).join(' ');
    case 'list':
      return block.items.map((item) => item.children.map((child) => ofBlock(child, options)).join(' ')).join(' ');
    case 'table':
      return [block.head, ...block.rows].flatMap((row) => row.map((cell) => ofInlines(cell, options))).join(' ');
    case 'code':
    case 'plain':
      return block.text;
    case 'rule':
      return '';
  }
}

function ofInlines(nodes: readonly Inline[], options: PlainOptions): string {
  return nodes.map((node) => ofInline(node, options)).join('');
}

function ofInline(node: Inline, options: PlainOptions): string {
  switch (node.type) {
    case 'break':
      return ' ';
    case 'strong':
    case 'em':
    case 'del':
    case 'link':
      return ofInlines(node.children, options);
    case 'image':
      return node.alt;
    case 'mention':
      return `@${options.mention?.(node.name.toLowerCase()) ?? node.name}`;
    case 'channel':
      return `~${node.name}`;
    case 'hashtag':
      return node.tag;
    case 'emoji':
      return emojiText(node.names);
    case 'emoticon':
    case 'text':
    case 'code':
    case 'math':
    case 'glyph':
      return node.text;
  }
}

function emojiText(names: readonly string[]): string {
  const table = glyphs();
  const found = names.map((name) => table.glyphOf(name));
  if (found.every(Boolean)) return found.join('');
  return `:${names.join(':')}:`;
}
