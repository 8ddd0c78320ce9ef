/** Commands that the server or an integration carries out: which there are, how they go on, and running one. */
import * as api from '@/api/commands';
import { triggering } from '@/realtime/triggers';
import { workTeam } from '@/store/selectors';
import { getState, type State } from '@/store/store';
import { follow } from '@/ui/follow';
import { type CommandName, commandNames } from './commandList';
import type { Section, Suggestion } from './suggestion';

const lists = new Map<string, { at: number; commands: readonly api.ServerCommand[] }>();
const answers = new Map<string, { at: number; items: readonly api.CommandSuggestion[] }>();
const keptFor = 60_000;
const most = 60;

const fresh = (at: number): boolean => Date.now() - at < keptFor;

const placeOf = (state: State, channelId: string): api.CommandPlace => ({
  teamId: workTeam(state, channelId),
  channelId,
});

const keyOf = ({ teamId, channelId }: api.CommandPlace, query: string): string => `${teamId} ${channelId} ${query}`;

const isLocal = (name: string): name is CommandName => (commandNames as readonly string[]).includes(name.toLowerCase());

/** The command's own name, once a blank has ended it. */
const nameIn = (query: string): string | undefined => /^(\S+)\s/.exec(query)?.[1]?.toLowerCase();

/** isServerCommand tells whether the team is known to have a command of that name. */
export function isServerCommand(state: State, channelId: string, name: string): boolean {
  const list = lists.get(placeOf(state, channelId).teamId);
  return list?.commands.some((command) => command.trigger === name) ?? false;
}

/** commandsAsked is what the server still has to be asked for `query`, what stands behind the slash. */
export function commandsAsked(
  channelId: string,
  query: string,
): { get: (signal: AbortSignal) => Promise<void>; now: boolean } | undefined {
  const place = placeOf(getState(), channelId);
  if (!place.teamId) return undefined;
  const list = lists.get(place.teamId);
  const name = nameIn(query);
  const needsList = !list || !fresh(list.at);
  const known = answers.get(keyOf(place, query));
  const needsAnswer = name !== undefined && !isLocal(name) && !(known && fresh(known.at));
  if (!needsList && !needsAnswer) return undefined;
  const get = async (signal: AbortSignal) => {
    if (needsList)
      lists.set(place.teamId, { at: Date.now(), commands: await api.getTeamCommands(place.teamId, signal) });
    if (!needsAnswer) return;
    const items = await api.getCommandSuggestions(place, `/${query}`, signal);
    if (answers.size > 200) answers.clear();
    answers.set(keyOf(place, query), { at: Date.now(), items });
  };
  return { get, now: name === undefined };
}

/** namedByServer lists the commands of the server whose name begins so, without those that this client knows. */
export function namedByServer(state: State, channelId: string, query: string): Suggestion[] {
  const list = lists.get(placeOf(state, channelId).teamId)?.commands ?? [];
  return list
    .filter(({ trigger }) => trigger.startsWith(query) && !isLocal(trigger))
    .slice(0, most)
    .map(({ trigger, auto_complete_desc, auto_complete_hint }) => ({
      kind: 'server-command',
      id: trigger,
      label: `/${trigger}`,
      hint: auto_complete_hint,
      description: auto_complete_desc,
      insert: `/${trigger}${auto_complete_hint ? ' ' : ''}`,
    }));
}

/** Continued is how a command with its name written out may go on: things to choose, or a word on what is to be written. */
export interface Continued {
  sections: Section[];
  note?: string;
}

/** continued tells how `query` may go on. */
export function continued(state: State, channelId: string, query: string): Continued {
  const place = placeOf(state, channelId);
  const name = nameIn(query) ?? '';
  const found = answers.get(keyOf(place, query))?.items ?? [];
  const items = found
    .filter(
      ({ Suggestion: word, Complete }) => word !== '' && Complete.trim().toLowerCase() !== query.trim().toLowerCase(),
    )
    .slice(0, most)
    .map(
      (item): Suggestion => ({
        kind: 'server-command',
        id: item.Complete,
        label: item.Suggestion,
        hint: item.Hint,
        description: item.Description,
        insert: `/${item.Complete.trimEnd()} `,
      }),
    );
  if (items.length > 0) return { sections: [{ id: 'arguments', items }] };
  const free = found.find(({ Suggestion: word }) => word === '');
  const about = lists.get(place.teamId)?.commands.find(({ trigger }) => trigger === name);
  const words = free ? [free.Hint, free.Description] : [about?.auto_complete_hint, about?.auto_complete_desc];
  // Once something is written, only what an argument itself says is of use.
  const begun = query.trim().length > name.length;
  const note = !free && begun ? '' : words.filter(Boolean).join(' · ');
  return note ? { sections: [], note } : { sections: [] };
}

/** runOnServer runs what is typed and follows where its answer leads. It fails with an `ApiError`. */
export async function runOnServer(channelId: string, rootId: string, typed: string): Promise<void> {
  const place = placeOf(getState(), channelId);
  const answer = await triggering(channelId, api.executeCommand({ ...place, rootId }, typed));
  if (answer.goto_location) follow(answer.goto_location);
}
