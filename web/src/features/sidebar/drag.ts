/** Where something that is dragged through the sidebar would go. Pure: measured in rows and pixels. */
import { accepts, isManual, type Move } from '@/store/categoryMoves';
import type { Channel } from '@/store/channels';
import type { Section } from './layout';
import type { Placed, Row } from './rows';

/** Dragged is what moves. */
export type Dragged = { kind: 'channel'; channel: Pick<Channel, 'id' | 'type'> } | { kind: 'section'; id: string };

/** Drop is where it would go: what to do, and what to show: a line, or a whole category. */
export type Drop = {
  act: { kind: 'channel'; move: Move } | { kind: 'section'; id: string; before: string | null };
  line?: number;
  area?: { top: number; height: number };
};

const sectionOf = (row: Row): Section | undefined =>
  row.kind === 'section' || row.kind === 'channel' || row.kind === 'hint' ? row.section : undefined;

function areaOf(placed: readonly Placed[], section: Section): { top: number; height: number } {
  const own = placed.filter(({ row }) => sectionOf(row)?.id === section.id);
  const top = own[0]?.top ?? 0;
  return { top, height: own.reduce((sum, one) => sum + one.height, 0) };
}

function channelDrop(
  placed: readonly Placed[],
  over: Placed,
  y: number,
  channel: Pick<Channel, 'id' | 'type'>,
): Drop | undefined {
  const section = sectionOf(over.row);
  const category = section?.category;
  if (!section || !category || !accepts(category, channel)) return undefined;
  const inside = section.ids.includes(channel.id);
  const toId = category.id;
  const whole = category.type === 'direct_messages' || (!inside && !isManual(category));
  if (whole || section.ids.length === 0) {
    if (inside) return undefined;
    return { act: { kind: 'channel', move: { channelId: channel.id, toId } }, area: areaOf(placed, section) };
  }
  const after = over.row.kind === 'channel' && y > over.top + over.height / 2;
  const at = over.row.kind === 'channel' ? over.row.position + (after ? 1 : 0) : 0;
  const before = section.ids[at] ?? null;
  if (before === channel.id || section.ids[at - 1] === channel.id) return undefined;
  const line = over.row.kind === 'channel' && !after ? over.top : over.top + over.height;
  return { act: { kind: 'channel', move: { channelId: channel.id, toId, before, shown: section.ids } }, line };
}

function sectionDrop(placed: readonly Placed[], over: Placed, y: number, id: string): Drop | undefined {
  const section = sectionOf(over.row);
  if (!section?.category) return undefined;
  const { top, height } = areaOf(placed, section);
  const order = [...new Set(placed.map(({ row }) => sectionOf(row)).filter((one) => one?.category))];
  const after = y > top + height / 2;
  const at = order.findIndex((one) => one?.id === section.id) + (after ? 1 : 0);
  const before = order[at]?.id ?? null;
  if (before === id || order[at - 1]?.id === id) return undefined;
  return { act: { kind: 'section', id, before }, line: after ? top + height : top };
}

/** dropAt tells where what is dragged would go at a height of the list; undefined where it can't, or stands already. */
export function dropAt(placed: readonly Placed[], y: number, dragged: Dragged): Drop | undefined {
  const over = placed.find(({ top, height }) => y < top + height) ?? placed.at(-1);
  if (!over) return undefined;
  return dragged.kind === 'channel'
    ? channelDrop(placed, over, y, dragged.channel)
    : sectionDrop(placed, over, y, dragged.id);
}
