import { useState } from 'react';
import { useText } from '@/i18n/text';
import { ChipPicker } from '@/ui/ChipPicker';
import { typed, withWords } from './keywords';
import { Control } from './parts';
import { useSaving } from './useSaving';

export interface WordsFieldProps {
  label: string;
  hint?: string;
  words: readonly string[];
  onSave: (words: string[]) => Promise<unknown>;
}

/** WordsField holds words that one types: Enter or a comma adds one, each is a chip that goes when it is pressed. */
export function WordsField({ label, hint, words, onSave }: WordsFieldProps) {
  const t = useText();
  const [query, setQuery] = useState('');
  const { saving, run } = useSaving();
  const save = (next: string[]) => void run(() => onSave(next));
  const more = withWords(words, typed(query)).slice(words.length);
  return (
    <Control saving={saving}>
      <ChipPicker
        label={label}
        placeholder={t('settings.words.placeholder')}
        chosen={words.map((word) => ({ id: word, label: word }))}
        options={more.length > 0 ? [{ id: query, label: more.join(', '), hint: t('settings.words.add') }] : []}
        onQuery={setQuery}
        onAdd={() => save(withWords(words, typed(query)))}
        onRemove={(id) => save(words.filter((word) => word !== id))}
        hint={hint}
      />
    </Control>
  );
}
