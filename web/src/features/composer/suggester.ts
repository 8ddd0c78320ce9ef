/** Keeps the list of an autocomplete beside a text that is being written. */
import { createStore } from 'zustand/vanilla';
import { noteEmoji } from '@/features/emoji/recent';
import { getState } from '@/store/store';
import { areChannelsAnswered, askChannels, suggestChannels } from './channels';
import { suggestCommands } from './commandList';
import type { Change } from './editing';
import { areEmojisThere, askEmojis, suggestEmojis } from './emojis';
import { askPeople, isAnswered, suggestPeople } from './people';
import { commandsAsked, continued, namedByServer } from './serverCommands';
import type { Section, Suggestion } from './suggestion';
import { sameWord, type Trigger, triggerAt } from './triggers';

/** Offer is what is shown: empty when there is nothing to complete. */
export interface Offer {
  trigger?: Trigger;
  sections: readonly Section[];
  items: readonly Suggestion[];
  /** The index in `items` that Enter takes. */
  active: number;
  /** The server has been asked and has not answered yet. */
  asking: boolean;
  /** What is to be written here, where nothing can be chosen. */
  note?: string | undefined;
}

const nothing: Offer = { sections: [], items: [], active: 0, asking: false };

/** After this many milliseconds without a key the server is asked. */
const pause = 120;

/** SuggesterPlace is where one writes. */
export interface SuggesterPlace {
  channelId: string;
  locale: string;
  /** A command only makes sense in a new message. */
  commands: boolean;
}

/** Suggester follows the caret of one text field. */
export class Suggester {
  readonly store = createStore<Offer>(() => nothing);
  private dismissed: Trigger | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private asking: AbortController | undefined;

  constructor(private readonly place: SuggesterPlace) {}

  /** follow is called when the text or the caret has changed. A selection completes nothing. */
  follow(text: string, start: number, end: number): void {
    const found = start === end ? triggerAt(text, start) : undefined;
    const trigger = found?.kind === '/' && !this.place.commands ? undefined : found;
    if (!sameWord(trigger, this.dismissed)) this.dismissed = undefined;
    if (!trigger || this.dismissed) {
      this.stopAsking();
      if (this.store.getState().trigger) this.store.setState(nothing, true);
      return;
    }
    const before = this.store.getState().trigger;
    if (before && sameWord(before, trigger) && before.query === trigger.query) return;
    this.show(trigger, 0);
    this.ask(trigger);
  }

  /** move goes up or down the list, round its ends. It returns whether there is a list. */
  move(step: 1 | -1): boolean {
    const { items, active } = this.store.getState();
    if (items.length === 0) return false;
    this.store.setState({ active: (active + step + items.length) % items.length });
    return true;
  }

  activate(index: number): void {
    this.store.setState({ active: index });
  }

  /** accept returns the change that takes a suggestion, the active one unless given. */
  accept(index = this.store.getState().active): Change | undefined {
    const { trigger, items } = this.store.getState();
    const item = items[index];
    if (!trigger || !item) return undefined;
    this.close();
    if (item.kind === 'emoji') noteEmoji(item.name);
    const caret = trigger.start + item.insert.length;
    return { start: trigger.start, end: trigger.end, insert: item.insert, selectStart: caret, selectEnd: caret };
  }

  /** dismiss closes the list until another word is begun. It returns whether there was one. */
  dismiss(): boolean {
    const { trigger, items } = this.store.getState();
    this.close();
    this.dismissed = trigger;
    return items.length > 0;
  }

  close(): void {
    this.stopAsking();
    if (this.store.getState().trigger) this.store.setState(nothing, true);
  }

  private show(trigger: Trigger, active: number): void {
    const { sections, note } = this.offered(trigger);
    const items = sections.flatMap((section) => section.items);
    this.store.setState({ trigger, sections, items, note, active: Math.min(active, Math.max(0, items.length - 1)) });
  }

  private offered({ kind, query }: Trigger): { sections: Section[]; note?: string | undefined } {
    const state = getState();
    const { channelId } = this.place;
    if (kind === '@') return { sections: suggestPeople(state, channelId, query) };
    if (kind === '~') return { sections: suggestChannels(state, channelId, query) };
    if (kind === ':') return { sections: suggestEmojis(state, query) };
    if (/\s/.test(query)) return continued(state, channelId, query);
    return { sections: suggestCommands(state, channelId, query, namedByServer(state, channelId, query)) };
  }

  /** The answer that is missing, and whether it is asked for at once. */
  private missing({ kind, query }: Trigger): { get: (signal: AbortSignal) => Promise<void>; now: boolean } | undefined {
    const { channelId, locale } = this.place;
    if (kind === '@' && !isAnswered(channelId, query))
      return { get: (signal) => askPeople(channelId, query, signal), now: query === '' };
    if (kind === '~' && !areChannelsAnswered(channelId, query))
      return { get: (signal) => askChannels(channelId, query, signal), now: query === '' };
    if (kind === '/') return commandsAsked(channelId, query);
    if (kind === ':' && !areEmojisThere(locale)) return { get: () => askEmojis(locale), now: true };
    return undefined;
  }

  private ask(trigger: Trigger): void {
    this.stopAsking();
    const wanted = this.missing(trigger);
    if (!wanted) return;
    const asking = new AbortController();
    this.asking = asking;
    this.store.setState({ asking: true });
    const go = () =>
      wanted.get(asking.signal).then(
        () => !asking.signal.aborted && this.answered(),
        // What is known here is offered all the same.
        () => !asking.signal.aborted && this.store.setState({ asking: false }),
      );
    if (wanted.now) void go();
    else this.timer = setTimeout(go, pause);
  }

  private answered(): void {
    const { trigger, items, active } = this.store.getState();
    this.store.setState({ asking: false });
    if (!trigger) return;
    // What somebody has gone to stays the active one.
    const chosen = active > 0 ? items[active] : undefined;
    this.show(trigger, 0);
    const again = chosen
      ? this.store.getState().items.findIndex((item) => item.id === chosen.id && item.kind === chosen.kind)
      : -1;
    if (again > 0) this.activate(again);
  }

  private stopAsking(): void {
    clearTimeout(this.timer);
    this.asking?.abort();
    this.asking = undefined;
    if (this.store.getState().asking) this.store.setState({ asking: false });
  }
}
