/** The words of a message that mean something: whom and what it names. Code is passed over, as the server does. */
import { permalinkId } from './links';
import { type ParseOptions, parse } from './parse';
import type { Block, Inline } from './tree';

/** Named is everything that a message names, each once, in the order of the text and in lower case. */
export interface Named {
  /** Names after an @, with the punctuation that may or may not belong to them. */
  people: string[];
  /** The words @all, @channel and @here that it has. */
  everyone: ('all' | 'channel' | 'here')[];
  channels: string[];
  hashtags: string[];
  emojis: string[];
  /** Addresses of links, as they are followed. */
  links: string[];
}

/** wordsOf finds what a message names. */
export function wordsOf(text: string, options?: ParseOptions): Named {
  const sets = {
    people: new Set<string>(),
    everyone: new Set<'all' | 'channel' | 'here'>(),
    channels: new Set<string>(),
    hashtags: new Set<string>(),
    emojis: new Set<string>(),
    links: new Set<string>(),
  };
  const take = (node: Inline): void => {
    if (node.type === 'mention') {
      const name = node.name.toLowerCase();
      const bare = name.replace(/[._-]+$/, '');
      if (bare === 'all' || bare === 'channel' || bare === 'here') sets.everyone.add(bare);
      else sets.people.add(name);
    } else if (node.type === 'channel') sets.channels.add(node.name.toLowerCase());
    else if (node.type === 'hashtag') sets.hashtags.add(node.tag.toLowerCase());
    else if (node.type === 'emoji') for (const name of node.names) sets.emojis.add(name);
    else if (node.type === 'link') sets.links.add(node.href);
  };
  for (const block of parse(text, options).blocks) walk(block, take);
  return {
    people: [...sets.people],
    everyone: [...sets.everyone],
    channels: [...sets.channels],
    hashtags: [...sets.hashtags],
    emojis: [...sets.emojis],
    links: [...sets.links],
  };
}

/** namesOf lists the usernames that a written mention may mean, the longest first: `ana.` and `ana`. */
export function namesOf(written: string): string[] {
  const names = [written];
  for (let name = written; /.[._-]$/.test(name); ) {
    name = name.slice(0, -1);
    names.push(name);
  }
  return names;
}

/** permalinkOf returns the id of the post that the first link of a message points to, if it is one of this site. */
export function permalinkOf(text: string, siteUrl: string | undefined): string | undefined {
  const [first] = text.includes('/pl/') ? wordsOf(text).links : [];
  return first ? permalinkId(first, siteUrl) : undefined;
}

/** imagesOf lists the addresses of the images in a message. */
export function imagesOf(text: string): string[] {
  const found: string[] = [];
  for (const block of parse(text).blocks) {
    walk(block, (node) => {
      if (node.type === 'image') found.push(node.src);
    });
  }
  return found;
}

function walk(block: Block, take: (node: Inline) => void): void {
  switch (block.type) {
    case 'paragraph':
    case 'line':
    case 'heading':
      walkInlines(block.children, take);
      return;
    case 'quote':
      for (const child of block.children) walk(child, take);
      return;
    case 'list':
      for (const item of block.items) for (const child of item.children) walk(child, take);
      return;
    case 'table':
      for (const row of [block.head, ...block.rows]) for (const cell of row) walkInlines(cell, take);
  }
}

function walkInlines(nodes: readonly Inline[], take: (node: Inline) => void): void {
  for (const node of nodes) {
    take(node);
    if ('children' in node) walkInlines(node.children, take);
  }
}
