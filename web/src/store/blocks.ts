/**
 * What is known of a channel's order: contiguous runs of posts. A page that shares a post with a run grows it; a
 * jump into the past starts a run of its own until the gap between them has been loaded.
 */

/** Block is one run without holes, oldest first. */
export type Block = {
  ids: readonly string[];
  /** The run begins with the channel's first post. */
  start: boolean;
  /** The run ends with the newest post, and new posts join it. */
  end: boolean;
};

/** Order compares two post ids by time, then by id. */
export type Order = (a: string, b: string) => number;

function union(a: readonly string[], b: readonly string[], order: Order): string[] {
  const all: string[] = [];
  let i = 0;
  let j = 0;
  for (;;) {
    const x = a[i];
    const y = b[j];
    if (x === undefined && y === undefined) return all;
    if (y === undefined || (x !== undefined && order(x, y) < 0)) {
      all.push(x as string);
      i++;
    } else {
      if (x === y) i++;
      all.push(y);
      j++;
    }
  }
}

/** A run without posts says that there were none; where some are known by now, it is old news. */
function withEmpty(blocks: readonly Block[], added: Block): Block[] {
  const [only] = blocks;
  if (!only) return [added];
  if (blocks.length > 1 || only.ids.length > 0) return [...blocks];
  return [{ ids: [], start: only.start || added.start, end: only.end || added.end }];
}

/** addBlock adds a run and joins it with those that it meets. `ids` may be in any order. */
export function addBlock(blocks: readonly Block[], added: Block, order: Order): Block[] {
  if (added.ids.length === 0) return withEmpty(blocks, added);
  let grown: Block = { ...added, ids: [...new Set(added.ids)].sort(order) };
  const apart: Block[] = [];
  for (const block of blocks) {
    const own = new Set(grown.ids);
    const meet = block.ids.length === 0 || block.ids.some((id) => own.has(id));
    if (!meet) apart.push(block);
    else
      grown = {
        ids: union(block.ids, grown.ids, order),
        // Where nothing was known, the page knows better whether it begins the channel.
        start: (block.start && block.ids.length > 0) || grown.start,
        end: block.end || grown.end,
      };
  }
  // Growing may have bridged to runs that were looked at before.
  const own = new Set(grown.ids);
  if (apart.some((block) => block.ids.some((id) => own.has(id)))) return addBlock(apart, grown, order);
  return settle([...apart, grown], order);
}

/** Only the newest run can be the live one, only the oldest can begin the channel. */
function settle(blocks: Block[], order: Order): Block[] {
  const sorted = blocks.sort((a, b) => order(a.ids[0] ?? '', b.ids[0] ?? ''));
  return sorted.map((block, i) => ({
    ...block,
    start: block.start && i === 0,
    end: block.end && i === sorted.length - 1,
  }));
}

/**
 * appendLive puts a new post into the live run. It returns the same blocks when there is none, and for a post from
 * before the run, which an older page will bring: what stands between is not known.
 */
export function appendLive(blocks: readonly Block[], id: string, order: Order): readonly Block[] {
  const live = blocks.find((block) => block.end);
  if (!live || live.ids.includes(id, Math.max(0, live.ids.length - 200))) return blocks;
  let at = live.ids.length;
  while (at > 0 && order(live.ids[at - 1] ?? '', id) > 0) at--;
  if (live.ids[at - 1] === id || live.ids[at] === id) return blocks;
  if (at === 0 && live.ids.length > 0 && !live.start) return within(blocks, id, order);
  const ids = [...live.ids.slice(0, at), id, ...live.ids.slice(at)];
  return blocks.map((block) => (block === live ? { ...live, ids } : block));
}

/** A late post belongs into an earlier run that spans its time; one that none spans comes with an older page. */
function within(blocks: readonly Block[], id: string, order: Order): readonly Block[] {
  const spans = ({ ids, start }: Block) => {
    const [first] = ids;
    const last = ids.at(-1);
    if (first === undefined || last === undefined || ids.includes(id)) return false;
    return (start || order(first, id) < 0) && order(id, last) < 0;
  };
  const block = blocks.find(spans);
  if (!block) return blocks;
  const ids = [...block.ids, id].sort(order);
  return blocks.map((other) => (other === block ? { ...block, ids } : other));
}

/** dropId takes a post out of every run. */
export function dropId(blocks: readonly Block[], id: string): readonly Block[] {
  if (!blocks.some((block) => block.ids.includes(id))) return blocks;
  return blocks.map((block) => ({ ...block, ids: block.ids.filter((other) => other !== id) }));
}

/** blockWith finds the run that holds a post, or the live one without an id. */
export function blockWith(blocks: readonly Block[], id?: string): Block | undefined {
  if (id === undefined) return blocks.find((block) => block.end) ?? blocks.at(-1);
  return blocks.find((block) => block.ids.includes(id));
}
