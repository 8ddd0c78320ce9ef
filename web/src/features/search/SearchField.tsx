import * as Aria from '@ariakit/react/combobox';
import { Search, X } from 'lucide-react';
import { type KeyboardEvent, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useText } from '@/i18n/text';
import { getState, useApp } from '@/store/store';
import { IconButton } from '@/ui/IconButton';
import { Kbd } from '@/ui/Kbd';
import { type Wish, wishes } from './box';
import { askPeople, type Completion, channelValue, completed, filterAt } from './complete';
import { search } from './look';
import { Proposals } from './Proposals';
import { isEmptyQuery, withFilter } from './query';
import styles from './SearchBox.module.css';
import { useProposals } from './useProposals';

/** useQuery is the text of the box: what the open pane looked for, until somebody types something else. */
function useQuery(input: React.RefObject<HTMLInputElement | null>, begun: Begun | undefined) {
  const shown = useApp(({ place }) => (place.pane?.kind === 'search' ? place.pane.terms : ''));
  const [text, setText] = useState(begun?.text ?? shown);
  const [caret, setCaret] = useState(begun?.end ?? shown.length);
  const [last, setLast] = useState(shown);
  if (shown !== last) {
    setLast(shown);
    setText(shown);
  }
  const write = (next: string, at = next.length) => {
    setText(next);
    setCaret(at);
    // After the input has the text.
    requestAnimationFrame(() => input.current?.setSelectionRange(at, at));
  };
  return { text, caret, setText, setCaret, write };
}

/** The text that a wish begins with. */
function wishedText({ text, channelId }: Wish): string {
  const state = getState();
  const channel = state.channels.channels[channelId ?? ''];
  return channel ? withFilter(text, 'in', channelValue(state, channel)) : text;
}

/** A wish is for the box that can be seen: on a phone there is another one in the pane. */
function useWishes(input: React.RefObject<HTMLInputElement | null>, take: (text: string) => void): void {
  const newest = useRef(take);
  newest.current = take;
  useEffect(() => {
    const look = () => {
      const wish = wishes.getState();
      const field = input.current;
      if (!wish.pending || !field || field.getClientRects().length === 0) return;
      wishes.setState({ text: '', pending: false }, true);
      const text = wishedText(wish);
      field.focus();
      if (text) newest.current(text);
      else field.select();
    };
    look();
    return wishes.subscribe(look);
  }, [input]);
}

const isChoosing = (input: HTMLInputElement | null): boolean => Boolean(input?.getAttribute('aria-activedescendant'));

/** Begun is what somebody had begun in the box before this one took its place. */
export interface Begun {
  text: string;
  start: number;
  end: number;
  /** The focus was in it. */
  focused: boolean;
  /** The proposals are to be seen. */
  open: boolean;
}

/** SearchField is the search box at work, with its proposals. Enter looks; the arrow keys go through the proposals. */
export function SearchField({ begun }: { begun: Begun | undefined }) {
  const t = useText();
  const input = useRef<HTMLInputElement>(null);
  const form = useRef<HTMLFormElement>(null);
  const choosing = useRef(false);
  const [open, setOpen] = useState(false);
  const { text, caret, setText, setCaret, write } = useQuery(input, begun);
  const { proposals, forget } = useProposals(text, caret, open);
  useLayoutEffect(() => {
    if (!begun?.focused) return;
    input.current?.focus();
    input.current?.setSelectionRange(begun.start, begun.end);
    setOpen(begun.open);
  }, [begun]);
  useWishes(input, (wish) => {
    write(wish);
    setOpen(true);
  });
  const go = (terms: string) => {
    setOpen(false);
    search(terms);
  };
  const submit = () => {
    if (!isEmptyQuery(text)) go(text);
  };
  const choose = (one: Completion) => {
    const next = completed(text, caret, one);
    write(next.text, next.caret);
    if (one.kind === 'recent') go(one.terms);
    else input.current?.focus();
  };
  const changed = (next: string) => {
    const at = input.current?.selectionStart ?? next.length;
    setText(next);
    setCaret(at);
    setOpen(true);
    const filter = filterAt(next, at);
    if (filter?.name === 'from') void askPeople(filter.value);
  };
  const keys = (event: KeyboardEvent) => {
    // Enter looks, unless it is for the proposal that the arrow keys went to.
    if (event.key === 'Enter' && !event.nativeEvent.isComposing && !choosing.current) {
      event.preventDefault();
      submit();
    }
    if (event.key !== 'Escape' || open) return;
    // The first Escape closes the proposals, the next one empties the box, one more leaves it.
    event.stopPropagation();
    if (text) write('');
    else input.current?.blur();
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a form with this role submits by Enter in every browser
    <form
      role="search"
      className={styles.form}
      onSubmit={(event) => event.preventDefault()}
      // Before the list takes the key: once it has, nothing says any more that it was for a proposal.
      onKeyDownCapture={(event) => {
        if (event.target === input.current) choosing.current = isChoosing(input.current);
      }}
      ref={form}
    >
      <Aria.ComboboxProvider value={text} setValue={changed} open={open} setOpen={setOpen} includesBaseElement={false}>
        <Search size={16} className={styles.icon} aria-hidden="true" />
        <Aria.Combobox
          ref={input}
          className={styles.input}
          type="text"
          dir="auto"
          aria-label={t('search.label')}
          placeholder={t('search.label')}
          enterKeyHint="search"
          autoCapitalize="none"
          spellCheck={false}
          setValueOnClick={false}
          showOnClick
          showOnChange
          onKeyDown={keys}
          onKeyUp={() => setCaret(input.current?.selectionStart ?? caret)}
          onClick={() => setCaret(input.current?.selectionStart ?? caret)}
        />
        {text ? (
          <IconButton
            size="s"
            className={styles.clear}
            label={t('ui.search.clear')}
            icon={<X size={16} />}
            onClick={() => {
              write('');
              input.current?.focus();
            }}
          />
        ) : (
          <span className={styles.hint} aria-hidden="true">
            <Kbd keys="mod+shift+f" quiet />
          </span>
        )}
        <Proposals
          list={proposals}
          empty={text.trim() === ''}
          text={text}
          caret={caret}
          anchor={form}
          onChoose={choose}
          onForget={forget}
          onDay={(date) => {
            const next = completed(text, caret, { kind: 'day', day: 'today', date });
            write(next.text, next.caret);
            input.current?.focus();
          }}
        />
      </Aria.ComboboxProvider>
    </form>
  );
}
