/**
 * What a message says, as plain data: the markdown of a text parsed into blocks and inlines. It holds no looks and
 * no names of people or channels looked up, so that one parse serves every place that shows the message.
 */

/** Align is how a column of a table stands. */
export type Align = 'left' | 'center' | 'right' | undefined;

/** Inline is a piece of running text. */
export type Inline =
  | { type: 'text'; text: string }
  | { type: 'break' }
  | { type: 'strong' | 'em' | 'del'; children: Inline[] }
  | { type: 'code'; text: string }
  | { type: 'math'; text: string }
  /** A link whose address has been judged harmless by `safeHref`. */
  | { type: 'link'; href: string; title?: string; children: Inline[] }
  /** An image whose address is http(s); `width` and `height` are those that the author wished. */
  | { type: 'image'; src: string; alt: string; title?: string; width?: number; height?: number }
  /** `@name`, as written: who that is, and whether punctuation at its end belongs to it, only a lookup can say. */
  | { type: 'mention'; name: string }
  /** `~name`, as written. */
  | { type: 'channel'; name: string }
  /** `#tag`; `tag` begins with the #. */
  | { type: 'hashtag'; tag: string }
  /** `:a:` or a chain `:a:b:` of which any part may be a name. */
  | { type: 'emoji'; names: string[] }
  /** `:)`: an emoticon and the emoji it stands for. */
  | { type: 'emoticon'; text: string; name: string }
  /** An emoji written as the character itself. */
  | { type: 'glyph'; text: string };

/** Item is one point of a list. `task` says whether a box stands before it and is ticked. */
export interface Item {
  task?: boolean;
  children: Block[];
}

/** Block is a part of a message that stands on lines of its own. */
export type Block =
  | { type: 'paragraph'; children: Inline[] }
  /** The words of a tight list's point: a paragraph without the space around it. */
  | { type: 'line'; children: Inline[] }
  | { type: 'heading'; level: number; children: Inline[] }
  | { type: 'quote'; children: Block[] }
  | { type: 'list'; ordered: boolean; start: number; items: Item[] }
  | { type: 'code'; language: string; text: string }
  | { type: 'table'; align: Align[]; head: Inline[][]; rows: Inline[][][] }
  | { type: 'rule' }
  /** A text too long or too deeply nested to be read as markdown: shown as it was written. */
  | { type: 'plain'; text: string };

/** Tree is a parsed message. */
export interface Tree {
  readonly blocks: readonly Block[];
  /** The message has nothing but emojis, and few: it may be shown large. */
  readonly onlyEmoji: boolean;
}
