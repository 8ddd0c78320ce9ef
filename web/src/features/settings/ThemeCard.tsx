import { Check } from 'lucide-react';
import type { OfficialTheme } from '@/ui/theme/official';
import { lookOf } from '@/ui/theme/tokens';
import styles from './ThemeSection.module.css';

export interface ThemeCardProps {
  name: string;
  label: string;
  theme: OfficialTheme;
  /** The other half of one that changes with the device. */
  other?: OfficialTheme | undefined;
  checked: boolean;
  onChoose: () => void;
}

/** ThemeCard is one theme to choose, with a small picture of it in its own colours. */
export function ThemeCard({ name, label, theme, other, checked, onChoose }: ThemeCardProps) {
  return (
    <label className={styles.card}>
      <input type="radio" name="theme" value={name} className={styles.radio} checked={checked} onChange={onChoose} />
      <span className={styles.picture} aria-hidden="true">
        <Miniature theme={theme} />
        {other && (
          <span className={styles.half}>
            <Miniature theme={other} />
          </span>
        )}
      </span>
      <span className={styles.label}>
        {label}
        {checked && <Check size={16} aria-hidden="true" />}
      </span>
    </label>
  );
}

/** Miniature is a page no larger than a stamp. */
export function Miniature({ theme }: { theme: OfficialTheme }) {
  const { tokens } = lookOf(theme);
  const of = (token: string) => tokens[`--${token}`];
  const line = (colour: string | undefined, width: string) => <i style={{ background: colour, width }} />;
  return (
    <span className={styles.miniature} style={{ background: of('paper') }}>
      <span className={styles.miniSide} style={{ background: of('side-paper') }}>
        {line(of('side-ink'), '60%')}
        {line(of('side-ink-3'), '80%')}
        {line(of('side-badge'), '45%')}
        {line(of('side-ink-3'), '70%')}
      </span>
      <span className={styles.miniCentre}>
        {line(of('ink'), '35%')}
        {line(of('ink-3'), '85%')}
        {line(of('link'), '55%')}
        <b style={{ background: of('accent') }} />
      </span>
    </span>
  );
}
