/** Values of settings between the form, where they are typed, and the server. */
import type { Setting } from '@/api/admin';

/** Typed is what stands in a control. */
export type Typed = string | boolean;

/** typedOf is a value as its control holds it: lists have a line for each entry. */
export function typedOf(setting: Setting, value: unknown = setting.value): Typed {
  if (setting.type === 'boolean') return value === true;
  if (setting.type === 'array<string>') return Array.isArray(value) ? value.join('\n') : '';
  if (typeof value === 'string') return value;
  return value === undefined || value === null ? '' : String(value);
}

/** sentOf is what a control says for the server. A number that isn't one goes as text, which the server refuses in words. */
export function sentOf(setting: Setting, typed: Typed): unknown {
  if (setting.type === 'boolean') return typed === true;
  const text = String(typed);
  if (setting.type === 'integer') return /^\s*-?\d+\s*$/.test(text) ? Number(text) : text;
  if (setting.type === 'array<string>') {
    return text
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean);
  }
  return text;
}

/** treeOf plants values under their keys: `A.B.C` becomes `{A: {B: {C: …}}}`. */
export function treeOf(values: ReadonlyMap<string, unknown>): Record<string, unknown> {
  const tree: Record<string, unknown> = {};
  for (const [key, value] of values) {
    const path = key.split('.');
    const last = path.pop() ?? '';
    let at = tree;
    for (const name of path) {
      at[name] ??= {};
      at = at[name] as Record<string, unknown>;
    }
    at[last] = value;
  }
  return tree;
}
