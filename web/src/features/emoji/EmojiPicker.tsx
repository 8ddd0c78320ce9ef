import { type KeyboardEvent, useDeferredValue, useId, useMemo, useRef, useState } from 'react';
import { useText } from '@/i18n/text';
import { useApp } from '@/store/store';
import { ErrorState } from '@/ui/ErrorState';
import { SearchField } from '@/ui/SearchField';
import { useCustomEmojis } from './custom';
import { type EmojiData, type EmojiEntry, useEmojiData } from './data';
import { EmojiGrid, type EmojiGridHandle } from './EmojiGrid';
import styles from './EmojiPicker.module.css';
import { GroupBar } from './GroupBar';
import { type Cell, entryAt, firstCell, move, rowsOf, type Section, type SectionId } from './grid';
import { PickerFoot } from './PickerFoot';
import { noteEmoji, recentEmojis, skinTone } from './recent';
import { tonedName } from './tone';

export interface EmojiPickerProps {
  /** Told the name that was picked, with its skin tone. `more` is set when the picker should stay for another. */
  onPick: (name: string, more: boolean) => void;
  /** Something else opens in its place. */
  onLeave: () => void;
}

const touch = () => window.matchMedia?.('(pointer: coarse)').matches ?? false;

/** EmojiPicker chooses an emoji: by search, by group, by arrow keys. */
export function EmojiPicker({ onPick, onLeave }: EmojiPickerProps) {
  const { data, failed, retry } = useEmojiData();
  if (failed) {
    return (
      <div className={styles.picker}>
        <ErrorState onRetry={retry} />
      </div>
    );
  }
  if (!data) return <div className={styles.picker} aria-busy="true" />;
  return <Loaded data={data} onPick={onPick} onLeave={onLeave} />;
}

const navigation = new Set(['ArrowUp', 'ArrowDown', 'PageUp', 'PageDown']);

function Loaded({ data, onPick, onLeave }: EmojiPickerProps & { data: EmojiData }) {
  const t = useText();
  const id = useId();
  const columns = touch() ? 7 : 9;
  const [query, setQuery] = useState('');
  const wanted = useDeferredValue(query);
  const sections = useSections(data, wanted);
  const rows = useMemo(() => rowsOf(sections, columns), [sections, columns]);
  const [chosen, setChosen] = useState<Cell>();
  const [section, setSection] = useState<SectionId>();
  const tone = useApp(skinTone);
  const grid = useRef<EmojiGridHandle>(null);
  // What was found begins chosen, so that Enter takes the best; among the groups nothing is until a key says so.
  const active = chosen && entryAt(rows, chosen) ? chosen : wanted ? firstCell(rows) : undefined;

  const pick = (entry: EmojiEntry, more: boolean) => {
    const name = tonedName(entry, tone);
    noteEmoji(name);
    onPick(name, more);
  };
  const go = (next: Cell | undefined) => {
    setChosen(next);
    if (next) grid.current?.reveal(next.row);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && !event.nativeEvent.isComposing) {
      const entry = entryAt(rows, active);
      event.preventDefault();
      if (entry) pick(entry, event.shiftKey);
      return;
    }
    // Left and right move in the words that are typed until a cell has been chosen.
    const sideways = event.key === 'ArrowLeft' || event.key === 'ArrowRight';
    if (!navigation.has(event.key) && !(sideways && chosen)) return;
    event.preventDefault();
    go(active ? move(rows, active, event.key) : firstCell(rows, grid.current?.top() ?? 0));
  };
  return (
    <div className={styles.picker}>
      <div className={styles.search}>
        <SearchField
          label={t('emoji.search')}
          // On a touch screen the keyboard would cover what one came to see.
          focusFirst={!touch()}
          value={query}
          onChange={(value) => {
            setQuery(value);
            setChosen(undefined);
            grid.current?.reveal(0);
          }}
          onKeyDown={onKeyDown}
          role="combobox"
          aria-expanded
          aria-haspopup="grid"
          aria-controls={`${id}-grid`}
          aria-activedescendant={active && `${id}-${active.row}-${active.column}`}
        />
      </div>
      <GroupBar
        sections={sections}
        current={section}
        disabled={wanted !== ''}
        onChoose={(wantedSection) => {
          const row = rows.findIndex((one) => one.id === wantedSection);
          setChosen(undefined);
          grid.current?.reveal(row, 'start');
        }}
      />
      <EmojiGrid
        ref={grid}
        id={id}
        rows={rows}
        active={active}
        tone={tone}
        onHover={setChosen}
        onPick={pick}
        onSection={setSection}
        onKeyDown={onKeyDown}
      />
      <PickerFoot entry={entryAt(rows, active)} tone={tone} none={rows.length === 0} onLeave={onLeave} />
    </div>
  );
}

function useSections(data: EmojiData, query: string): Section[] {
  const recent = useApp(recentEmojis);
  const custom = useCustomEmojis();
  // The list stays as it was when the picker opened: nothing moves under the pointer while one picks several.
  const [used] = useState(recent);
  return useMemo(() => {
    if (query) return [{ id: 'found', entries: data.find(query, 200) }];
    const entries = used.map((name) => data.entry(name)).filter((entry): entry is EmojiEntry => entry !== undefined);
    return [{ id: 'recent', entries: [...new Set(entries)].slice(0, 27) }, ...data.groups];
  }, [data, query, used, custom]);
}
