import { BellOff, ChevronDown, Ellipsis, Plus } from 'lucide-react';
import { type CSSProperties, memo } from 'react';
import { type Translate, useText } from '@/i18n/text';
import type { Section } from './layout';
import styles from './Row.module.css';
import { sectionKey } from './rows';

/** sectionName is what a section is called: those that everybody has go by the reader's language. */
export function sectionName(section: Pick<Section, 'kind' | 'category'>, t: Translate): string {
  if (section.kind === 'custom' || section.kind === 'managed') return section.category?.display_name ?? '';
  return t(`sidebar.section.${section.kind}`);
}

export interface SectionRowProps {
  section: Section;
  style: CSSProperties;
  tabbable: boolean;
  position: number;
  size: number;
  busy: boolean;
}

/** SectionRow is the head of a category: it folds, and has a menu and a button for one more. */
export const SectionRow = memo(function SectionRow({
  section,
  style,
  tabbable,
  position,
  size,
  busy,
}: SectionRowProps) {
  const t = useText();
  const name = sectionName(section, t);
  const { category, kind } = section;
  const open = !category?.collapsed;
  const muted = category?.muted ?? false;
  return (
    <div
      role="treeitem"
      aria-level={1}
      aria-posinset={position + 1}
      aria-setsize={size}
      aria-expanded={category ? open : undefined}
      aria-selected={false}
      aria-label={muted ? `${name}, ${t('sidebar.row.muted')}` : name}
      tabIndex={tabbable ? 0 : -1}
      data-key={sectionKey(section.id)}
      data-busy={busy || undefined}
      data-muted={muted || undefined}
      draggable={category !== undefined}
      className={styles.section}
      style={style}
    >
      <span className={styles.head}>
        {category && <ChevronDown size={14} className={styles.chevron} data-open={open} aria-hidden="true" />}
        <span className={styles.sectionName} dir="auto">
          {name}
        </span>
        {muted && <BellOff size={13} aria-hidden="true" />}
      </span>
      {category && (
        <span className={styles.tools}>
          <button
            type="button"
            tabIndex={-1}
            data-menu=""
            aria-haspopup="menu"
            aria-label={t('sidebar.section.menu', { name })}
            className={styles.more}
          >
            <Ellipsis size={16} aria-hidden="true" />
          </button>
          {(kind === 'channels' || kind === 'direct_messages') && (
            <button
              type="button"
              tabIndex={-1}
              data-add={kind}
              aria-label={t(kind === 'channels' ? 'sidebar.addChannel' : 'sidebar.newMessage')}
              className={styles.more}
            >
              <Plus size={16} aria-hidden="true" />
            </button>
          )}
        </span>
      )}
    </div>
  );
});
