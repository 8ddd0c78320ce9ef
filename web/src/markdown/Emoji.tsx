import { memo } from 'react';
import { cx } from '@/ui/cx';
import styles from './Emoji.module.css';
import { useGlyphs } from './glyphs';

export interface EmojiProps {
  name: string;
  /** The address of its picture, for a custom emoji. */
  url?: string;
  /** What stands there while the name means nothing; `:name:` unless given. */
  fallback?: string;
  /** Beside words that say the same: screen readers pass over it. */
  decorative?: boolean;
  className?: string;
}

/** Emoji draws one emoji by name, in the size of the text around it: of the system with its glyphs, or a custom one. */
export const Emoji = memo(function Emoji({ name, url, fallback, decorative, className }: EmojiProps) {
  const glyph = useGlyphs().glyphOf(name);
  const label = decorative ? undefined : `:${name}:`;
  if (glyph) return <Glyph glyph={glyph} label={label} className={className} />;
  if (url) {
    return (
      <img
        className={cx(styles.picture, className)}
        src={url}
        alt={label ?? ''}
        title={label}
        draggable={false}
        loading="lazy"
      />
    );
  }
  return <span className={className}>{fallback ?? `:${name}:`}</span>;
});

/** Glyph draws an emoji that is there as a character. */
export function Glyph({ glyph, label, className }: { glyph: string; label?: string; className?: string }) {
  if (!label) {
    return (
      <span className={cx(styles.glyph, className)} aria-hidden="true">
        {glyph}
      </span>
    );
  }
  return (
    <span className={cx(styles.glyph, className)} role="img" aria-label={label} title={label}>
      {glyph}
    </span>
  );
}
