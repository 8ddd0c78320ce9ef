/** Buttons and menus that integrations put below a message: what can't be read as one is left out. */

/** Style is how a button looks: as named, or in a colour of its own. */
export type Style = 'default' | 'primary' | 'good' | 'warning' | 'danger' | `#${string}`;

export interface Option {
  value: string;
  label: string;
}

interface Shown {
  id: string;
  name: string;
  tooltip: string;
  disabled: boolean;
  /** Stands for its address where the message isn't stored. */
  cookie: string;
}

/** Action is something to press, or to choose from: given options, or the people or channels that there are. */
export type Action =
  | (Shown & { kind: 'button'; style: Style })
  | (Shown & { kind: 'menu'; source: 'static' | 'users' | 'channels'; options: readonly Option[]; chosen: string });

const text = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';

const names: Record<string, Style> = { primary: 'primary', good: 'good', success: 'good', warning: 'warning' };

/** styleOf reads the style of a button; an unknown one looks like any other button. */
export function styleOf(value: unknown): Style {
  const name = text(value).trim().toLowerCase();
  if (name === 'danger') return 'danger';
  const known = Object.hasOwn(names, name) ? names[name] : undefined;
  if (known) return known;
  return /^#(?:[0-9a-f]{3}|[0-9a-f]{6})$/.test(name) ? (name as Style) : 'default';
}

/** optionsOf reads what a menu offers; an option without words shows its value. */
export function optionsOf(value: unknown): Option[] {
  if (!Array.isArray(value)) return [];
  const seen = new Set<string>();
  const options: Option[] = [];
  for (const one of value as unknown[]) {
    if (typeof one !== 'object' || one === null) continue;
    const { text: words, value: given } = one as { text?: unknown; value?: unknown };
    const own = text(given);
    if (own === '' || seen.has(own)) continue;
    seen.add(own);
    options.push({ value: own, label: text(words) || own });
  }
  return options;
}

function read(value: unknown): Action | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const one = value as Record<string, unknown>;
  const shown: Shown = {
    id: text(one.id),
    name: text(one.name),
    tooltip: text(one.tooltip),
    disabled: one.disabled === true,
    cookie: text(one.cookie),
  };
  if (shown.id === '' || shown.name === '') return undefined;
  if (one.type !== 'select') return { ...shown, kind: 'button', style: styleOf(one.style) };
  const source = one.data_source === 'users' || one.data_source === 'channels' ? one.data_source : 'static';
  return { ...shown, kind: 'menu', source, options: optionsOf(one.options), chosen: text(one.default_option) };
}

/** actionsOf reads the list of one attachment. */
export const actionsOf = (list: readonly unknown[]): Action[] => list.map(read).filter((one) => one !== undefined);
