import { memo, useState } from 'react';
import styles from './Avatar.module.css';
import { cx } from './cx';
import { type Presence, PresenceDot } from './PresenceDot';

export interface AvatarProps {
  /** The picture's address; initials stand there without one and when it doesn't load. */
  src?: string;
  name: string;
  /** Pixels. */
  size: number;
  presence?: Presence;
  /** Square is for teams and apps. */
  shape?: 'round' | 'square';
}

/**
 * Avatar is the picture of someone. It is decoration: the name stands beside it or labels what it is in, so only the
 * presence is told to screen readers.
 */
export const Avatar = memo(function Avatar({ src, name, size, presence, shape = 'round' }: AvatarProps) {
  const [broken, setBroken] = useState<string>();
  const box = { width: size, height: size, fontSize: Math.max(9, Math.round(size * 0.38)) };
  return (
    <span className={cx(styles.avatar, shape === 'square' && styles.square)} style={box}>
      {src && broken !== src ? (
        <img
          className={styles.image}
          src={src}
          alt=""
          width={size}
          height={size}
          loading="lazy"
          decoding="async"
          draggable={false}
          onError={() => setBroken(src)}
        />
      ) : (
        // Drawn from an attribute: the letters are no text that is read, searched or copied.
        <span className={styles.initials} data-tint={tintOf(name)} data-initials={initialsOf(name)} />
      )}
      {presence && (
        <PresenceDot presence={presence} className={styles.presence} size={size < 28 ? 9 : size < 56 ? 11 : 16} />
      )}
    </span>
  );
});

/** initialsOf returns one or two letters that stand for a name. */
export function initialsOf(name: string): string {
  const words = name.split(/[\s._-]+/u).filter((word) => /[\p{L}\p{N}]/u.test(word));
  const letters = words.map((word) => word.match(/[\p{L}\p{N}]/u)?.[0] ?? '');
  return [letters[0], letters.length > 1 ? letters[letters.length - 1] : ''].join('').toLocaleUpperCase();
}

/** The same name has the same tint everywhere. */
function tintOf(name: string): number {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) >>> 0;
  return sum % 8;
}
