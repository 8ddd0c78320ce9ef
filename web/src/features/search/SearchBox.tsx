import { Search } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useText } from '@/i18n/text';
import { useApp } from '@/store/store';
import { attempt } from '@/ui/attempt';
import { Kbd } from '@/ui/Kbd';
import { lateModule } from '@/ui/late';
import { whenQuiet } from '@/ui/quiet';
import { wishes } from './box';
import styles from './SearchBox.module.css';
import type { Begun } from './SearchField';

const field = lateModule(() => import('./SearchField'));
const looking = lateModule(() => import('./look'));
const SearchField = field.part((module) => module.SearchField);

/**
 * SearchBox is where one searches for messages: a field with filters, whose values it proposes, and what was searched
 * for lately. A plain field stands there until the proposals are loaded; what was begun in it goes on.
 */
export function SearchBox() {
  const [begun, setBegun] = useState<Begun>();
  const [there, setThere] = useState(() => field.loaded() !== undefined);
  const come = (from?: Begun) => {
    setBegun(from);
    setThere(true);
  };
  return there ? <SearchField begun={begun} /> : <PlainBox onLoad={come} />;
}

const nothing = (): void => undefined;

function PlainBox({ onLoad }: { onLoad: (begun?: Begun) => void }) {
  const t = useText();
  const input = useRef<HTMLInputElement>(null);
  const composing = useRef(false);
  const pressed = useRef(false);
  const terms = useApp(({ place }) => (place.pane?.kind === 'search' ? place.pane.terms : ''));
  const take = useRef<() => void>(nothing);
  take.current = () => {
    const element = input.current;
    // Half a character can't change places.
    if (!element || composing.current || !field.loaded()) return;
    const { value: text, selectionStart, selectionEnd } = element;
    const start = selectionStart ?? text.length;
    const focused = document.activeElement === element;
    const open = text !== '' || pressed.current;
    onLoad(text || focused ? { text, start, end: selectionEnd ?? start, focused, open } : undefined);
  };
  const [ask] = useState(() => () => {
    // What can't be loaded is asked for again by the next one who comes here.
    void field.load().then(
      () => take.current(),
      () => undefined,
    );
  });
  useEffect(() => {
    const look = () => wishes.getState().pending && ask();
    look();
    whenQuiet(ask);
    return wishes.subscribe(look);
  }, [ask]);
  const keys = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.nativeEvent.isComposing) return;
    event.preventDefault();
    const text = input.current?.value ?? '';
    void attempt(looking.load().then((module) => module.search(text)));
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: a form with this role submits by Enter in every browser
    <form role="search" className={styles.form} onSubmit={(event) => event.preventDefault()}>
      <Search size={16} className={styles.icon} aria-hidden="true" />
      <input
        ref={input}
        className={styles.input}
        type="text"
        role="combobox"
        aria-autocomplete="list"
        aria-expanded={false}
        aria-haspopup="listbox"
        dir="auto"
        aria-label={t('search.label')}
        placeholder={t('search.label')}
        enterKeyHint="search"
        autoCapitalize="none"
        autoComplete="off"
        spellCheck={false}
        defaultValue={terms}
        onPointerEnter={ask}
        onFocus={ask}
        onPointerDown={() => {
          pressed.current = true;
        }}
        onKeyDown={keys}
        onCompositionStart={() => {
          composing.current = true;
        }}
        onCompositionEnd={() => {
          composing.current = false;
          take.current();
        }}
      />
      <span className={styles.hint} aria-hidden="true">
        <Kbd keys="mod+shift+f" quiet />
      </span>
    </form>
  );
}
