/** From the tokens of markdown-it to a tree. */
import type { Token } from 'markdown-it';
import { safeHref } from './links';
import { splitText } from './text';
import type { Align, Block, Inline, Item } from './tree';

/** How deep words may be marked in one another; what is deeper keeps its text and loses its mark. */
const maxMarks = 40;

/** buildBlocks makes the blocks of a message out of its tokens. */
export function buildBlocks(tokens: readonly Token[], schemes: ReadonlySet<string>): Block[] {
  return new Builder(tokens, schemes).blocks();
}

class Builder {
  private at = 0;

  constructor(
    private readonly tokens: readonly Token[],
    private readonly schemes: ReadonlySet<string>,
  ) {}

  /** blocks reads up to the token that closes the surrounding block, and past it. */
  blocks(): Block[] {
    const out: Block[] = [];
    for (let token = this.next(); token && token.nesting !== -1; token = this.next()) {
      const block = this.block(token);
      if (block) out.push(block);
    }
    return out;
  }

  private next(): Token | undefined {
    return this.tokens[this.at++];
  }

  private block(token: Token): Block | undefined {
    switch (token.type) {
      case 'paragraph_open':
        return { type: token.hidden ? 'line' : 'paragraph', children: this.words() };
      case 'heading_open':
        return { type: 'heading', level: Number(token.tag.slice(1)), children: this.words() };
      case 'blockquote_open':
        return { type: 'quote', children: this.blocks() };
      case 'bullet_list_open':
        return { type: 'list', ordered: false, start: 1, items: this.items() };
      case 'ordered_list_open':
        return { type: 'list', ordered: true, start: Number(token.attrGet('start') ?? 1), items: this.items() };
      case 'fence':
        return { type: 'code', language: languageOf(token.info), text: withoutLastBreak(token.content) };
      case 'code_block':
        return { type: 'code', language: '', text: withoutLastBreak(token.content) };
      case 'table_open':
        return this.table();
      case 'hr':
        return { type: 'rule' };
      case 'inline':
        return { type: 'line', children: buildInlines(token.children ?? [], this.schemes) };
      default:
        return undefined;
    }
  }

  /** words reads the running text of a block and the token that closes it. */
  private words(): Inline[] {
    const token = this.next();
    if (token?.type !== 'inline') return [];
    this.next();
    return buildInlines(token.children ?? [], this.schemes);
  }

  private items(): Item[] {
    const items: Item[] = [];
    for (let token = this.next(); token && token.nesting !== -1; token = this.next()) items.push(toItem(this.blocks()));
    return items;
  }

  private table(): Block {
    const table: Extract<Block, { type: 'table' }> = { type: 'table', align: [], head: [], rows: [] };
    let row: Inline[][] = [];
    for (let token = this.next(); token && token.type !== 'table_close'; token = this.next()) {
      if (token.type === 'tr_open') row = [];
      else if (token.type === 'th_open') {
        table.align.push(alignOf(token));
        table.head.push(this.words());
      } else if (token.type === 'td_open') row.push(this.words());
      else if (token.type === 'tr_close' && row.length > 0) table.rows.push(row);
    }
    return table;
  }
}

/** toItem makes a point of a list, with its box when its words begin with one. */
function toItem(children: Block[]): Item {
  const first = children[0];
  if (first?.type !== 'line' && first?.type !== 'paragraph') return { children };
  const text = first.children[0];
  const box = text?.type === 'text' ? /^\[([ xX])\](?:\s+|$)/.exec(text.text) : null;
  if (!box || text?.type !== 'text') return { children };
  const rest = text.text.slice(box[0].length);
  const words = first.children.slice(1);
  if (rest) words.unshift({ type: 'text', text: rest });
  return { task: box[1] !== ' ', children: [{ ...first, children: words }, ...children.slice(1)] };
}

function alignOf(token: Token): Align {
  const align = /text-align:(left|center|right)/.exec(String(token.attrGet('style') ?? ''))?.[1];
  return align as Align;
}

function languageOf(info: string): string {
  return (info.trim().split(/[\s{]/)[0] ?? '').toLowerCase().slice(0, 40);
}

function withoutLastBreak(text: string): string {
  return text.endsWith('\n') ? text.slice(0, -1) : text;
}

interface Open {
  children: Inline[];
  inLink: boolean;
}

/** buildInlines makes running text out of its tokens. Marks that are never closed or too many end with the text. */
export function buildInlines(tokens: readonly Token[], schemes: ReadonlySet<string>): Inline[] {
  const root: Open = { children: [], inLink: false };
  const stack: Open[] = [root];
  let tooMany = 0;
  for (const token of tokens) {
    const top = stack.at(-1) ?? root;
    if (token.nesting === 1) {
      const node = stack.length > maxMarks ? undefined : opened(token, schemes);
      if (!node) tooMany++;
      if (node) top.children.push(node);
      stack.push({ children: node?.children ?? top.children, inLink: top.inLink || node?.type === 'link' });
    } else if (token.nesting === -1) {
      if (stack.length > 1) stack.pop();
    } else leaf(token, top, schemes);
  }
  // The pieces of a mark that was left out stand beside their neighbours and are one text with them.
  return tooMany > 0 ? joinTexts(root.children) : root.children;
}

function joinTexts(nodes: Inline[]): Inline[] {
  const out: Inline[] = [];
  for (const node of nodes) {
    const last = out.at(-1);
    if (node.type === 'text' && last?.type === 'text')
      out[out.length - 1] = { type: 'text', text: last.text + node.text };
    else out.push(node);
  }
  return out;
}

type Parent = Extract<Inline, { children: Inline[] }>;

function opened(token: Token, schemes: ReadonlySet<string>): Parent | undefined {
  switch (token.type) {
    case 'strong_open':
      return { type: 'strong', children: [] };
    case 'em_open':
      return { type: 'em', children: [] };
    case 's_open':
      return { type: 'del', children: [] };
    case 'link_open': {
      const href = safeHref(String(token.attrGet('href') ?? ''), schemes);
      const title = String(token.attrGet('title') ?? '') || undefined;
      return href ? { type: 'link', href, title, children: [] } : undefined;
    }
    default:
      return undefined;
  }
}

function leaf(token: Token, top: Open, schemes: ReadonlySet<string>): void {
  const out = top.children;
  switch (token.type) {
    case 'text':
    case 'text_special':
      splitText(token.content, out, top.inLink);
      return;
    case 'softbreak':
    case 'hardbreak':
      out.push({ type: 'break' });
      return;
    case 'code_inline':
      out.push({ type: 'code', text: token.content });
      return;
    case 'formula':
      out.push({ type: 'math', text: token.content });
      return;
    case 'mention':
    case 'channel':
      out.push({ type: token.type, name: token.content });
      return;
    case 'hashtag':
      out.push({ type: 'hashtag', tag: token.content });
      return;
    case 'emoji':
      out.push({ type: 'emoji', names: token.content.split(':') });
      return;
    case 'image':
      out.push(picture(token, schemes));
      return;
    default:
      if (token.content) out.push({ type: 'text', text: token.content });
  }
}

function picture(token: Token, schemes: ReadonlySet<string>): Inline {
  const meta = token.meta as { src: string; title: string; width: number; height: number };
  const src = safeHref(meta.src, schemes);
  if (!src) return { type: 'text', text: token.content };
  return {
    type: 'image',
    src,
    alt: token.content,
    title: meta.title || undefined,
    width: meta.width || undefined,
    height: meta.height || undefined,
  };
}
