import { Avatar } from './Avatar';
import styles from './AvatarStack.module.css';

export interface AvatarStackProps {
  people: readonly { id: string; name: string; src?: string }[];
  size: number;
  /** How many are drawn; the rest is a number. */
  max?: number;
}

/** AvatarStack shows a few people who took part, overlapping. Decoration: who they are stands in words elsewhere. */
export function AvatarStack({ people, size, max = 3 }: AvatarStackProps) {
  const rest = people.length - max;
  return (
    <span className={styles.stack} aria-hidden="true">
      {people.slice(0, max).map((one) => (
        <span key={one.id} className={styles.one} style={{ marginInlineEnd: -size / 4 }}>
          <Avatar name={one.name} src={one.src} size={size} />
        </span>
      ))}
      {rest > 0 && (
        <span className={styles.rest} style={{ marginInlineStart: size / 4 + 4 }}>
          +{rest}
        </span>
      )}
    </span>
  );
}
