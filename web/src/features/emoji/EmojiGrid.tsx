// biome-ignore-all lint/a11y/useSemanticElements: a table can't show only the rows that are in view
// biome-ignore-all lint/a11y/useFocusableInteractive: the search field keeps the focus and names the active cell
import { type KeyboardEvent, memo, type Ref, useImperativeHandle, useRef } from 'react';
import { VList, type VListHandle } from 'virtua';
import { useText } from '@/i18n/text';
import { Glyph } from '@/markdown/Emoji';
import type { Tone } from '@/markdown/glyphs';
import type { EmojiEntry } from './data';
import styles from './EmojiPicker.module.css';
import type { Cell, Row, SectionId } from './grid';
import { tonedGlyph, tonedName } from './tone';

/** EmojiGridHandle moves the view. */
export interface EmojiGridHandle {
  /** reveal brings a row into view, its title with it when it is the first of its section. */
  reveal(row: number, align?: 'start' | 'nearest'): void;
  /** top is the first row in view. */
  top(): number;
}

interface EmojiGridProps {
  id: string;
  rows: readonly Row[];
  active: Cell | undefined;
  tone: Tone | undefined;
  onHover: (cell: Cell) => void;
  onPick: (entry: EmojiEntry, more: boolean) => void;
  /** Told which section is at the top while one scrolls. */
  onSection: (id: SectionId | undefined) => void;
  /** The keys of the search field work here too. */
  onKeyDown: (event: KeyboardEvent) => void;
  ref?: Ref<EmojiGridHandle>;
}

/** EmojiGrid shows the rows that are in view. The search field, which mostly has the focus, names the active cell. */
export function EmojiGrid({ id, rows, active, tone, onHover, onPick, onSection, onKeyDown, ref }: EmojiGridProps) {
  const t = useText();
  const list = useRef<VListHandle>(null);
  useImperativeHandle(ref, () => ({
    reveal(row, align = 'nearest') {
      const titled = align === 'nearest' && rows[row - 1]?.kind === 'title';
      list.current?.scrollToIndex(Math.max(0, titled ? row - 1 : row), { align });
      if (titled) list.current?.scrollToIndex(row, { align });
    },
    top: () => list.current?.findItemIndex(list.current.scrollOffset) ?? 0,
  }));
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a press must not take the focus from the search field
    <div className={styles.grid} onMouseDown={(event) => event.preventDefault()}>
      <VList
        ref={list}
        id={`${id}-grid`}
        role="grid"
        tabIndex={0}
        aria-label={t('emoji.all')}
        aria-rowcount={rows.length}
        aria-activedescendant={active && `${id}-${active.row}-${active.column}`}
        data={rows}
        bufferSize={72}
        itemSize={36}
        className={styles.rows}
        onKeyDown={onKeyDown}
        onScroll={(offset) => onSection(rows[list.current?.findItemIndex(offset + 8) ?? 0]?.id)}
      >
        {(row, index) =>
          row.kind === 'title' ? (
            <Title key={`title-${row.id}`} id={row.id} index={index} />
          ) : (
            <Line
              key={index}
              id={id}
              row={row}
              index={index}
              column={active?.row === index ? active.column : -1}
              tone={tone}
              onHover={onHover}
              onPick={onPick}
            />
          )
        }
      </VList>
    </div>
  );
}

function Title({ id, index }: { id: SectionId; index: number }) {
  const t = useText();
  return (
    <div role="row" aria-rowindex={index + 1}>
      <div role="rowheader" className={styles.title}>
        {t(`emoji.group.${id}`)}
      </div>
    </div>
  );
}

interface LineProps extends Pick<EmojiGridProps, 'id' | 'tone' | 'onHover' | 'onPick'> {
  row: Extract<Row, { kind: 'emojis' }>;
  index: number;
  /** The active column of this row, -1 for none. */
  column: number;
}

const Line = memo(function Line({ id, row, index, column, tone, onHover, onPick }: LineProps) {
  return (
    <div role="row" aria-rowindex={index + 1} className={styles.line}>
      {row.entries.map((entry, place) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the search field
        <div
          key={entry.name}
          id={`${id}-${index}-${place}`}
          role="gridcell"
          aria-selected={place === column}
          aria-label={`${entry.label} :${tonedName(entry, tone)}:`}
          className={styles.cell}
          onMouseMove={place === column ? undefined : () => onHover({ row: index, column: place })}
          onClick={(event) => onPick(entry, event.shiftKey)}
        >
          <Face entry={entry} tone={tone} />
        </div>
      ))}
    </div>
  );
});

/** Face draws an emoji of the picker. */
export function Face({ entry, tone }: { entry: EmojiEntry; tone: Tone | undefined }) {
  const glyph = tonedGlyph(entry, tone);
  if (glyph) return <Glyph glyph={glyph} className={styles.glyph} />;
  return <img src={entry.url} alt="" className={styles.image} loading="lazy" />;
}
