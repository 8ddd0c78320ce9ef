import { ImageUp, Trash2 } from 'lucide-react';
import { useEffect, useId, useMemo, useRef, useState } from 'react';
import { Text, useText } from '@/i18n/text';
import { Emoji } from '@/markdown/Emoji';
import { glyphs } from '@/markdown/glyphs';
import { closeDialog } from '@/store/commands';
import { useApp } from '@/store/store';
import { Button } from '@/ui/Button';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { Dialog } from '@/ui/Dialog';
import { Form } from '@/ui/Form';
import { IconButton } from '@/ui/IconButton';
import { SearchField } from '@/ui/SearchField';
import { TextField } from '@/ui/TextField';
import { toast } from '@/ui/toast';
import styles from './CustomDialog.module.css';
import { type CustomEmoji, customEmojiUrl, useCustomEmojis } from './custom';
import {
  addEmoji,
  mayAddEmoji,
  mayDeleteEmoji,
  nameFrom,
  nameProblem,
  pictureMost,
  removeEmoji,
  tidyName,
} from './customActions';

/** CustomDialog makes emojis of pictures, and deletes them. */
export function CustomDialog() {
  const may = useApp(mayAddEmoji);
  return (
    <Dialog open onClose={closeDialog} title={<Text id="emoji.custom.title" />} size="m">
      <div className={styles.parts}>
        {may && <Adding />}
        <Listed />
      </div>
    </Dialog>
  );
}

const taken = (name: string) => {
  if (glyphs().glyphOf(name)) return 'system' as const;
  return customEmojiUrl(name) ? ('custom' as const) : undefined;
};

function useUrl(file: Blob | undefined): string | undefined {
  const url = useMemo(() => file && URL.createObjectURL(file), [file]);
  useEffect(() => () => (url ? URL.revokeObjectURL(url) : undefined), [url]);
  return url;
}

function Adding() {
  const t = useText();
  const input = useRef<HTMLInputElement>(null);
  const nameField = useRef<HTMLInputElement>(null);
  const hint = useId();
  const [file, setFile] = useState<File>();
  const [name, setName] = useState('');
  const [error, setError] = useState<{ file?: string; name?: string }>({});
  const url = useUrl(file);
  const tidy = tidyName(name);
  const choose = (chosen: File | undefined) => {
    if (!chosen) return;
    const wrong =
      (!/^image\/(png|jpeg|gif)$/.test(chosen.type) && t('emoji.custom.wrongKind')) ||
      (chosen.size > pictureMost && t('emoji.custom.tooHeavy'));
    setFile(wrong ? undefined : chosen);
    setError(wrong ? { file: wrong } : {});
    if (wrong) return;
    if (!name) setName(nameFrom(chosen.name));
    nameField.current?.focus();
  };
  const add = async () => {
    if (!file) return setError({ file: t('emoji.custom.noPicture') });
    const problem = nameProblem(tidy, taken);
    if (problem) return setError({ name: t(`emoji.custom.name.${problem}`) });
    await addEmoji(tidy, file);
    toast(t('emoji.custom.added', { name: tidy }));
    setFile(undefined);
    setName('');
    input.current?.focus();
  };
  return (
    <Form onSubmit={add} className={styles.form}>
      <div className={styles.row}>
        <span className={styles.preview} aria-hidden="true">
          {url ? <img src={url} alt="" className={styles.picture} /> : <ImageUp size={24} />}
        </span>
        <div className={styles.choice}>
          <label className={styles.file}>
            <span className={styles.choose}>{t(file ? 'emoji.custom.another' : 'emoji.custom.choose')}</span>
            <input
              ref={input}
              type="file"
              accept="image/png,image/jpeg,image/gif"
              className={styles.input}
              aria-describedby={hint}
              aria-invalid={error.file ? true : undefined}
              onChange={(event) => {
                choose(event.target.files?.[0]);
                event.target.value = '';
              }}
            />
          </label>
          <p id={hint} className={error.file ? styles.wrong : styles.hint} role={error.file ? 'alert' : undefined}>
            {error.file ?? t('emoji.custom.limits')}
          </p>
        </div>
      </div>
      <TextField
        ref={nameField}
        label={t('emoji.custom.name')}
        value={name}
        maxLength={66}
        autoComplete="off"
        spellCheck={false}
        onChange={(next) => {
          setName(next);
          setError({});
        }}
        error={error.name}
      />
      <div className={styles.foot}>
        <p className={styles.sample} aria-hidden="true">
          {url && tidy && (
            <>
              <img src={url} alt="" className={styles.small} /> :{tidy}:
            </>
          )}
        </p>
        <Button type="submit" kind="primary">
          {t('emoji.custom.add')}
        </Button>
      </div>
    </Form>
  );
}

/** So many are shown at once; a search finds the others. */
const shownMost = 100;

function Listed() {
  const t = useText();
  const all = useCustomEmojis();
  const [query, setQuery] = useState('');
  const [asked, setAsked] = useState<CustomEmoji>();
  const word = tidyName(query);
  const found = all.filter(({ name }) => name.toLowerCase().includes(word));
  if (all.length === 0) return <p className={styles.hint}>{t('emoji.custom.none')}</p>;
  return (
    <section className={styles.listed} aria-label={t('emoji.custom.all', { count: all.length })}>
      <h2 className={styles.heading}>{t('emoji.custom.all', { count: all.length })}</h2>
      {all.length > 8 && <SearchField label={t('emoji.search')} value={query} onChange={setQuery} />}
      <ul className={styles.list}>
        {found.slice(0, shownMost).map((emoji) => (
          <Item key={emoji.id} emoji={emoji} onDelete={() => setAsked(emoji)} />
        ))}
      </ul>
      {found.length === 0 && <p className={styles.hint}>{t('emoji.none')}</p>}
      {asked && (
        <ConfirmDialog
          danger
          title={t('emoji.custom.delete', { name: asked.name })}
          confirm={t('emoji.custom.deleteIt')}
          onConfirm={() => removeEmoji(asked.id)}
          onClose={() => setAsked(undefined)}
        >
          {t('emoji.custom.deleteWhy')}
        </ConfirmDialog>
      )}
    </section>
  );
}

function Item({ emoji, onDelete }: { emoji: CustomEmoji; onDelete: () => void }) {
  const t = useText();
  const may = useApp((state) => mayDeleteEmoji(state, emoji));
  return (
    <li className={styles.item}>
      <Emoji name={emoji.name} url={emoji.url} decorative className={styles.small} />
      <span className={styles.name}>:{emoji.name}:</span>
      {may && (
        <IconButton
          label={t('emoji.custom.delete', { name: emoji.name })}
          icon={<Trash2 />}
          onClick={onDelete}
          noTooltip
        />
      )}
    </li>
  );
}
