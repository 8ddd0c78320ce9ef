/** The fields of a dialog that a program opens: reading them, what they begin with, and what is sent of them. */
import type { Dialog } from '@/api/actions';
import type { Pickable } from '@/ui/ChipPicker';
import { type Option, optionsOf } from '../attachments/actions';
import { dateOf, momentOf, type Wall, wallOf } from './dates';

/** Source is where the options of a menu come from. */
export type Source = 'static' | 'users' | 'channels' | 'dynamic';

const subtypes = ['text', 'email', 'number', 'password', 'tel', 'url'] as const;
export type Subtype = (typeof subtypes)[number];

interface Shown {
  name: string;
  label: string;
  help: string;
  placeholder: string;
  optional: boolean;
  /** A change of it asks for the form anew. */
  refresh: boolean;
  initial: string;
}

/** Element is one field. */
export type Element =
  | (Shown & { kind: 'text' | 'textarea'; subtype: Subtype; min: number; max: number })
  | (Shown & { kind: 'select'; source: Source; options: readonly Option[]; multiple: boolean; lookupUrl: string })
  | (Shown & { kind: 'radio'; options: readonly Option[] })
  | (Shown & { kind: 'bool' })
  | (Shown & { kind: 'date'; from: string; to: string })
  | (Shown & { kind: 'datetime'; from: string; to: string; minutes: number; zone: string });

/** Value is what stands in a field: words, a date, yes or no, what was picked, a date with a time. */
export type Value = string | boolean | readonly Pickable[] | Wall;
export type Values = Readonly<Record<string, Value>>;

const text = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';

const count = (value: unknown): number =>
  typeof value === 'number' && Number.isFinite(value) && value > 0 ? Math.floor(value) : 0;

const longest = { text: 150, textarea: 3000 };

function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return zone !== '';
  } catch {
    return false;
  }
}

function sourceOf(value: unknown): Source {
  return value === 'users' || value === 'channels' || value === 'dynamic' ? value : 'static';
}

function timesOf(one: Record<string, unknown>) {
  const own = one.datetime_config;
  const config = (typeof own === 'object' && own !== null ? own : {}) as Record<string, unknown>;
  const zone = text(config.location_timezone);
  return {
    from: text(config.min_date) || text(one.min_date),
    to: text(config.max_date) || text(one.max_date),
    minutes: count(config.time_interval) || count(one.time_interval) || 60,
    zone: isZone(zone) ? zone : '',
  };
}

function read(value: unknown): Element | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const one = value as Record<string, unknown>;
  const shown: Shown = {
    name: text(one.name),
    label: text(one.display_name) || text(one.name),
    help: text(one.help_text),
    placeholder: text(one.placeholder),
    optional: one.optional === true,
    refresh: one.refresh === true,
    initial: text(one.default),
  };
  if (shown.name === '') return undefined;
  const { from, to, minutes, zone } = timesOf(one);
  switch (one.type) {
    case 'select':
      return {
        ...shown,
        kind: 'select',
        source: sourceOf(one.data_source),
        options: optionsOf(one.options),
        multiple: one.multiselect === true,
        lookupUrl: text(one.data_source_url),
      };
    case 'radio':
      return { ...shown, kind: 'radio', options: optionsOf(one.options) };
    case 'bool':
      return { ...shown, kind: 'bool' };
    case 'date':
      return { ...shown, kind: 'date', from, to };
    case 'datetime':
      return { ...shown, kind: 'datetime', from, to, minutes, zone };
    case 'text':
    case 'textarea': {
      const subtype = subtypes.find((known) => known === one.subtype) ?? 'text';
      const max = count(one.max_length) || longest[one.type];
      return { ...shown, kind: one.type, subtype, min: count(one.min_length), max };
    }
    default:
      return undefined;
  }
}

/** elementsOf reads the fields of a dialog. */
export function elementsOf(dialog: Dialog): Element[] {
  const list: readonly unknown[] = Array.isArray(dialog.elements) ? dialog.elements : [];
  return list.map(read).filter((one) => one !== undefined);
}

/** The picked ones that a menu begins with: several are parted by commas. */
function pickedOf(element: Extract<Element, { kind: 'select' }>): Pickable[] {
  const ids = element.multiple ? element.initial.split(',').map((id) => id.trim()) : [element.initial];
  const known = new Map(element.options.map((one) => [one.value, one.label]));
  return ids
    .filter((id) => id !== '' && (element.source !== 'static' || known.has(id)))
    .map((id) => ({ id, label: known.get(id) ?? '' }));
}

/** initialOf is what stands in a field at first. */
export function initialOf(element: Element, now = Date.now()): Value {
  const { initial } = element;
  switch (element.kind) {
    case 'bool':
      return initial.toLowerCase() === 'true';
    case 'select':
      return pickedOf(element);
    case 'radio':
      return element.options.some((one) => one.value === initial) ? initial : '';
    case 'date':
      return dateOf(initial, now);
    case 'datetime':
      return wallOf(initial, now, element.zone);
    default:
      return initial;
  }
}

/**
 * valuesOf is what a form begins with. A refreshed form keeps what was filled in where the field still is of its kind
 * and still offers it.
 */
export function valuesOf(elements: readonly Element[], before: Values = {}, now = Date.now()): Values {
  const entries = elements.map((element): [string, Value] => {
    const first = initialOf(element, now);
    const kept = before[element.name];
    return [element.name, kept !== undefined && fits(element, kept, first) ? kept : first];
  });
  return Object.fromEntries(entries);
}

function fits(element: Element, value: Value, first: Value): boolean {
  if (Array.isArray(value)) {
    if (element.kind !== 'select') return false;
    if (element.source !== 'static') return true;
    return value.every((one: Pickable) => element.options.some((option) => option.value === one.id));
  }
  if (element.kind === 'radio') return element.options.some((option) => option.value === value);
  return typeof value === typeof first && !Array.isArray(first);
}

/** isEmpty tells that nothing was filled in. No is an answer. */
export function isEmpty(value: Value | undefined): boolean {
  if (value === undefined) return true;
  if (typeof value === 'boolean') return false;
  if (typeof value === 'string') return value.trim() === '';
  return Array.isArray(value) ? value.length === 0 : (value as Wall).date === '';
}

/** Problem is what is wrong with a field, by the id of its sentence and what that counts. */
export type Problem = { id: ProblemId; count?: number };
export type ProblemId = 'required' | 'short' | 'number' | 'email' | 'url' | 'early' | 'late' | 'time';

const isUrl = (words: string): boolean => URL.canParse(words) && /^https?:/i.test(words);

function wordsProblem(element: Extract<Element, { kind: 'text' | 'textarea' }>, words: string): Problem | undefined {
  if (words.length < element.min) return { id: 'short', count: element.min };
  if (element.kind === 'textarea') return undefined;
  if (element.subtype === 'number' && !Number.isFinite(Number(words))) return { id: 'number' };
  if (element.subtype === 'email' && !/^[^\s@]+@[^\s@]+$/.test(words.trim())) return { id: 'email' };
  if (element.subtype === 'url' && !isUrl(words.trim())) return { id: 'url' };
  return undefined;
}

function dayProblem(element: Extract<Element, { kind: 'date' | 'datetime' }>, date: string, now: number) {
  const from = dateOf(element.from, now);
  const to = dateOf(element.to, now);
  if (from && date < from) return { id: 'early' } as const;
  return to && date > to ? ({ id: 'late' } as const) : undefined;
}

/** problemOf tells what is wrong with what was filled in; the program may find more. */
export function problemOf(element: Element, value: Value | undefined, now = Date.now()): Problem | undefined {
  if (value === undefined || isEmpty(value)) return element.optional ? undefined : { id: 'required' };
  if ((element.kind === 'text' || element.kind === 'textarea') && typeof value === 'string')
    return wordsProblem(element, value);
  if (element.kind === 'date' && typeof value === 'string') return dayProblem(element, value, now);
  if (element.kind !== 'datetime') return undefined;
  const wall = value as Wall;
  return wall.time === '' ? { id: 'time' } : dayProblem(element, wall.date, now);
}

function sentOf(element: Element, value: Value | undefined): unknown {
  if (value === undefined || isEmpty(value)) return element.kind === 'text' || element.kind === 'textarea' ? '' : null;
  switch (element.kind) {
    case 'text':
      return element.subtype === 'number' ? Number(value) : value;
    case 'select': {
      const ids = (value as readonly Pickable[]).map((one) => one.id);
      return element.multiple ? ids : ids[0];
    }
    case 'datetime':
      return momentOf(value as Wall, element.zone);
    default:
      return value;
  }
}

/** submissionOf is what is sent: nothing filled in is `null`, for words it is no words. */
export const submissionOf = (elements: readonly Element[], values: Values): Record<string, unknown> =>
  Object.fromEntries(elements.map((element) => [element.name, sentOf(element, values[element.name])]));
