/** What the log of deliveries is made of, in words. */
import type { Delivery, Outcome } from '@/api/deliveries';
import type { TextId } from '@/i18n/text';

const kinds: Record<string, TextId> = {
  outgoing_webhook: 'integrations.delivery.outgoing_webhook',
  command: 'integrations.delivery.command',
  action: 'integrations.delivery.action',
  dialog: 'integrations.delivery.dialog',
  subscription: 'integrations.delivery.subscription',
};

/** kindText names the kind of a delivery; a kind that this client doesn't know is some integration. */
export const kindText = (kind: string): TextId => kinds[kind] ?? 'integrations.delivery.other';

/** outcomeText names how a delivery went; all of them for the filter that leaves nothing out. */
export const outcomeText = (outcome: Outcome | ''): TextId => `integrations.outcome.${outcome || 'all'}`;

export type Integration = { id: string; name: string };

/** integrationsIn gathers the integrations that were met, by name, each once. */
export function integrationsIn(list: readonly Delivery[], before: readonly Integration[]): readonly Integration[] {
  const met = new Map(before.map((one) => [one.id, one]));
  for (const one of list) if (!met.has(one.of)) met.set(one.of, { id: one.of, name: one.name || one.of });
  return met.size === before.length ? before : [...met.values()].sort((a, b) => a.name.localeCompare(b.name));
}

/** headerLines writes headers as they stand in a request, one a line. */
export const headerLines = (header: Record<string, string[]> | null | undefined): string =>
  Object.entries(header ?? {})
    .flatMap(([name, values]) => values.map((value) => `${name}: ${value}`))
    .join('\n');
