import {
  Apple,
  Clock,
  Flag,
  Hand,
  Hash,
  Leaf,
  Lightbulb,
  Plane,
  Search,
  Smile,
  Sparkles,
  Volleyball,
} from 'lucide-react';
import type { ReactNode } from 'react';
import { useText } from '@/i18n/text';
import { IconButton } from '@/ui/IconButton';
import styles from './EmojiPicker.module.css';
import type { Section, SectionId } from './grid';

const icons: Record<SectionId, ReactNode> = {
  recent: <Clock />,
  found: <Search />,
  smileys: <Smile />,
  people: <Hand />,
  nature: <Leaf />,
  food: <Apple />,
  travel: <Plane />,
  activities: <Volleyball />,
  objects: <Lightbulb />,
  symbols: <Hash />,
  flags: <Flag />,
  custom: <Sparkles />,
};

interface GroupBarProps {
  sections: readonly Section[];
  current: SectionId | undefined;
  /** While one searches there are no groups to go to. */
  disabled: boolean;
  onChoose: (id: SectionId) => void;
}

/** GroupBar jumps to a group. */
export function GroupBar({ sections, current, disabled, onChoose }: GroupBarProps) {
  const t = useText();
  const shown = sections.filter((section) => section.entries.length > 0 && section.id !== 'found');
  if (disabled || shown.length === 0) return null;
  const here = current ?? shown[0]?.id;
  return (
    <div className={styles.groups} role="toolbar" aria-label={t('emoji.groups')}>
      {shown.map(({ id }) => (
        <IconButton
          key={id}
          size="s"
          label={t(`emoji.group.${id}`)}
          // A bubble for each would cost more than all the rest of the picker.
          noTooltip
          title={t(`emoji.group.${id}`)}
          icon={icons[id]}
          pressed={id === here}
          className={styles.group}
          onClick={() => onChoose(id)}
        />
      ))}
    </div>
  );
}
