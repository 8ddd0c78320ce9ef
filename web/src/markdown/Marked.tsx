import { memo } from 'react';
import { useSurroundings } from './context';
import styles from './Markdown.module.css';
import { markText } from './marks';

/** Marked shows text in which one's own words and what was searched for stand out. */
export const Marked = memo(function Marked({ text }: { text: string }) {
  const { mentionKeys, searchTerms } = useSurroundings();
  const parts = markText(text, mentionKeys, searchTerms);
  if (parts.length === 1 && !parts[0]?.mark) return text;
  return parts.map((part, index) =>
    part.mark ? (
      <mark key={index} className={part.mark === 'term' ? styles.term : styles.key}>
        {part.text}
      </mark>
    ) : (
      part.text
    ),
  );
});
