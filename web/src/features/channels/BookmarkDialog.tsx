import { SmilePlus } from 'lucide-react';
import { useState } from 'react';
import type { FileInfo } from '@/api/files';
import { customEmojiUrl } from '@/features/emoji/custom';
import { EmojiPopover } from '@/features/emoji/EmojiPopover';
import { mayAttach } from '@/features/files/limits';
import { Text, useText } from '@/i18n/text';
import { Emoji } from '@/markdown/Emoji';
import { closeDialog } from '@/store/commands';
import type { OpenDialog } from '@/store/place';
import { useApp } from '@/store/store';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Form } from '@/ui/Form';
import { IconButton } from '@/ui/IconButton';
import { Segments } from '@/ui/Segments';
import { TextField } from '@/ui/TextField';
import styles from './BookmarkDialog.module.css';
import { BookmarkFile } from './BookmarkFile';
import { addBookmark, addressOf, changeBookmark, nameOf } from './bookmarks';

/** BookmarkDialog adds a link or a file to a channel, or changes one. */
export function BookmarkDialog({ dialog }: { dialog: Extract<OpenDialog, { kind: 'bookmark' }> }) {
  const t = useText();
  const { channelId, bookmarkId } = dialog;
  const old = useApp((state) => state.bookmarks[channelId]?.[bookmarkId ?? '']);
  const [link, setLink] = useState(old?.link_url ?? '');
  const [name, setName] = useState(old?.display_name ?? '');
  const [emoji, setEmoji] = useState((old?.emoji ?? '').replaceAll(':', ''));
  const [picking, setPicking] = useState(false);
  const [kind, setKind] = useState<'link' | 'file'>(old?.type === 'file' ? 'file' : 'link');
  const [file, setFile] = useState<FileInfo | undefined>(old?.file);
  const [error, setError] = useState<string>();
  const attach = useApp((state) => mayAttach(state, channelId));
  const address = addressOf(link);
  const suggested = kind === 'file' ? [...(file?.name ?? '')].slice(0, 64).join('') : address ? nameOf(address) : '';
  const save = async () => {
    const target = kind === 'file' ? file && { file_id: file.id } : address ? { link_url: address } : undefined;
    if (!target) return setError(t(kind === 'file' ? 'channels.bookmark.noFile' : 'channels.bookmark.noLink'));
    const words = { display_name: name.trim() || suggested, emoji: emoji && `:${emoji}:` };
    if (old) await changeBookmark(channelId, old.id, { ...words, ...target });
    else await addBookmark(channelId, words, target);
    closeDialog();
  };
  const turn = (next: 'link' | 'file') => {
    setKind(next);
    setError(undefined);
  };
  return (
    <Dialog
      open
      onClose={closeDialog}
      title={<Text id={old ? 'channels.bookmark.edit' : 'channels.bookmark.add'} />}
      size="s"
    >
      <Form onSubmit={save} className={styles.form}>
        {!old && attach && (
          <Segments
            label={t('channels.bookmark.kind')}
            value={kind}
            options={[
              { value: 'link', label: t('channels.bookmark.aLink') },
              { value: 'file', label: t('channels.bookmark.aFile') },
            ]}
            onChange={turn}
          />
        )}
        {kind === 'file' ? (
          <BookmarkFile channelId={channelId} file={file} onFile={setFile} error={error} onError={setError} />
        ) : (
          <TextField
            label={t('channels.bookmark.link')}
            type="url"
            inputMode="url"
            value={link}
            maxLength={1024}
            onChange={(next) => {
              setLink(next);
              setError(undefined);
            }}
            error={error}
          />
        )}
        <div className={styles.row}>
          <TextField
            className={styles.name}
            label={t('channels.bookmark.name')}
            value={name}
            maxLength={64}
            placeholder={suggested}
            onChange={setName}
          />
          <EmojiPopover
            trigger={
              <IconButton
                label={t('channels.bookmark.emoji')}
                icon={emoji ? <Emoji name={emoji} url={customEmojiUrl(emoji)} decorative /> : <SmilePlus />}
              />
            }
            open={picking}
            onOpenChange={setPicking}
            onPick={setEmoji}
          />
        </div>
        <div className={styles.buttons}>
          {emoji && (
            <Button kind="plain" className={styles.left} onClick={() => setEmoji('')}>
              {t('channels.bookmark.noEmoji')}
            </Button>
          )}
          <Button onClick={closeDialog}>{t('ui.cancel')}</Button>
          <Button type="submit" kind="primary">
            {t(old ? 'channels.bookmark.save' : 'channels.bookmark.addIt')}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}
