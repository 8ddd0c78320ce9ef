/**
 * What is known of the replies to one root: runs without holes, like those of a channel. A short thread is one run; of
 * a long one there may be the end, and the surroundings of a reply that somebody jumped to.
 */
import { addBlock, appendLive, type Block, blockWith, dropId, type Order } from './blocks';

/** Replies are the runs known, and the replies heard of while none of them was live. */
export type Replies = { blocks: readonly Block[]; heard: readonly string[] };

/**
 * ReplyPage is a page of a thread. `joins` is the reply that it was asked to stand before or after; `fresh` says that
 * what was known before may have holes, or replies that are gone.
 */
export type ReplyPage = { ids: readonly string[]; joins?: string; start: boolean; end: boolean; fresh?: boolean };

const none: Replies = { blocks: [], heard: [] };
const heardMost = 200;

/** heardReply puts a new reply behind the others. */
export function heardReply(known: Replies | undefined, id: string, order: Order): Replies {
  const { blocks, heard } = known ?? none;
  if (blocks.some((block) => block.end)) {
    const next = appendLive(blocks, id, order);
    return known && next === blocks ? known : { blocks: next, heard };
  }
  return known && heard.includes(id) ? known : { blocks, heard: [...heard, id].slice(-heardMost) };
}

/** pagedReplies takes a page in, and behind one that reaches the end what was heard meanwhile. */
export function pagedReplies(known: Replies | undefined, page: ReplyPage, order: Order): Replies {
  const { blocks, heard } = known ?? none;
  const { joins, start, end } = page;
  const added = { ids: joins === undefined ? page.ids : [...page.ids, joins], start, end };
  let next: readonly Block[] = addBlock(page.fresh ? [] : blocks, added, order);
  if (end) for (const id of heard) next = appendLive(next, id, order);
  const live = end && next.some((block) => block.end);
  return { blocks: next, heard: live ? [] : heard };
}

/** forgottenReply takes a reply out, as if it had never been there. */
export function forgottenReply(known: Replies, id: string): Replies {
  return { blocks: dropId(known.blocks, id), heard: known.heard.filter((other) => other !== id) };
}

/** staleReplies says that replies may have been missed: no run is live any more. */
export function staleReplies(known: Replies): Replies {
  return { blocks: known.blocks.map((block) => (block.end ? { ...block, end: false } : block)), heard: [] };
}

/** runOf is the run that holds a reply, or without an id the newest that is known. */
export const runOf = (known: Replies | undefined, id?: string): Block | undefined =>
  known && blockWith(known.blocks, id);
