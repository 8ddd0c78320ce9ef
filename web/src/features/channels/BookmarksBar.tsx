import { EllipsisVertical, Link2, Plus } from 'lucide-react';
import { type DragEvent, useState } from 'react';
import type { Bookmark } from '@/api/bookmarks';
import { customEmojiUrl } from '@/features/emoji/custom';
import { keepFile, openGallery } from '@/features/files/actions';
import { FileIcon } from '@/features/files/FileIcon';
import { useText } from '@/i18n/text';
import { Emoji } from '@/markdown/Emoji';
import { bookmarksIn } from '@/store/bookmarks';
import { openDialog } from '@/store/commands';
import { useApp, useAppShallow } from '@/store/store';
import { attempt } from '@/ui/attempt';
import { copyText } from '@/ui/clipboard';
import { cx } from '@/ui/cx';
import { IconButton } from '@/ui/IconButton';
import { Menu, MenuItem, MenuSeparator } from '@/ui/Menu';
import { toast } from '@/ui/toast';
import styles from './BookmarksBar.module.css';
import { bookmarksMost, mayBookmark, moveBookmark, removeBookmark } from './bookmarks';

/** BookmarksBar are the links and files of a channel, in a row above its messages. They are moved by drag or by their menus. */
export function BookmarksBar({ channelId }: { channelId: string }) {
  const t = useText();
  const list = useAppShallow((state) => bookmarksIn(state, channelId));
  const add = useApp((state) => mayBookmark(state, channelId, 'add'));
  const order = useApp((state) => mayBookmark(state, channelId, 'order'));
  const [dragged, setDragged] = useState<string>();
  const [over, setOver] = useState<number>();
  if (list.length === 0) return null;
  const drop = (event: DragEvent) => {
    event.preventDefault();
    const moved = list.find(({ id }) => id === dragged);
    if (moved && over !== undefined && list.indexOf(moved) !== over) void attempt(moveBookmark(moved, over));
    setDragged(undefined);
    setOver(undefined);
  };
  return (
    <nav className={styles.bar} aria-label={t('channels.bookmarks')}>
      <ul className={styles.list}>
        {list.map((bookmark, place) => (
          <li
            key={bookmark.id}
            className={cx(styles.item, dragged && over === place && styles.over)}
            draggable={order}
            data-dragged={dragged === bookmark.id || undefined}
            onDragStart={(event) => {
              event.dataTransfer.effectAllowed = 'move';
              setDragged(bookmark.id);
            }}
            onDragOver={(event) => {
              if (!dragged) return;
              event.preventDefault();
              setOver(place);
            }}
            onDrop={drop}
            onDragEnd={() => {
              setDragged(undefined);
              setOver(undefined);
            }}
          >
            <Mark bookmark={bookmark} />
            <Acts bookmark={bookmark} place={place} last={place === list.length - 1} order={order} />
          </li>
        ))}
      </ul>
      {add && list.length < bookmarksMost && (
        <IconButton
          label={t('channels.bookmark.add')}
          icon={<Plus />}
          className={styles.act}
          onClick={() => openDialog({ kind: 'bookmark', channelId })}
        />
      )}
    </nav>
  );
}

function Mark({ bookmark }: { bookmark: Bookmark }) {
  const { display_name, link_url, file } = bookmark;
  const emoji = (bookmark.emoji ?? '').replaceAll(':', '');
  const inside = (
    <>
      <span className={styles.sign} aria-hidden="true">
        {emoji ? (
          <Emoji name={emoji} url={customEmojiUrl(emoji)} decorative />
        ) : file ? (
          <FileIcon file={file} size={15} />
        ) : (
          <Link2 size={15} />
        )}
      </span>
      <span className={styles.name}>{display_name}</span>
    </>
  );
  if (file) {
    return (
      <button type="button" className={styles.mark} onClick={() => openGallery([file], file.id)}>
        {inside}
      </button>
    );
  }
  // The server lets no other addresses in; one from elsewhere is not followed.
  if (!link_url || !/^https?:\/\//i.test(link_url)) return <span className={styles.mark}>{inside}</span>;
  return (
    <a className={styles.mark} href={link_url} target="_blank" rel="noopener noreferrer" draggable={false}>
      {inside}
    </a>
  );
}

interface ActsProps {
  bookmark: Bookmark;
  place: number;
  last: boolean;
  order: boolean;
}

function Acts({ bookmark, place, last, order }: ActsProps) {
  const t = useText();
  const { channel_id: channelId, id, display_name: name, link_url: link, file } = bookmark;
  const edit = useApp((state) => mayBookmark(state, channelId, 'edit'));
  const may = useApp((state) => mayBookmark(state, channelId, 'delete'));
  const copy = async () => {
    if (await attempt(copyText(link ?? ''))) toast(t('channels.linkCopied'));
  };
  const remove = async () => {
    const undo = await removeBookmark(bookmark);
    const action = { label: t('channels.bookmark.undo'), onSelect: () => void attempt(undo()) };
    toast({ text: t('channels.bookmark.deleted'), action });
  };
  return (
    <Menu
      label={t('channels.bookmark.acts', { name })}
      trigger={
        <IconButton
          label={t('channels.bookmark.acts', { name })}
          icon={<EllipsisVertical />}
          className={styles.act}
          noTooltip
        />
      }
    >
      {link && <MenuItem onSelect={() => void copy()}>{t('channels.copyLink')}</MenuItem>}
      {file && <MenuItem onSelect={() => void keepFile(file)}>{t('channels.bookmark.download')}</MenuItem>}
      {edit && (
        <MenuItem onSelect={() => openDialog({ kind: 'bookmark', channelId, bookmarkId: id })}>
          {t('channels.bookmark.edit')}
        </MenuItem>
      )}
      {order && (
        <MenuItem disabled={place === 0} onSelect={() => void attempt(moveBookmark(bookmark, place - 1))}>
          {t('channels.bookmark.left')}
        </MenuItem>
      )}
      {order && (
        <MenuItem disabled={last} onSelect={() => void attempt(moveBookmark(bookmark, place + 1))}>
          {t('channels.bookmark.right')}
        </MenuItem>
      )}
      {may && <MenuSeparator />}
      {may && (
        <MenuItem danger onSelect={() => void attempt(remove())}>
          {t('channels.bookmark.delete')}
        </MenuItem>
      )}
    </Menu>
  );
}
