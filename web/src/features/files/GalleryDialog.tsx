import { DialogHeading, Dialog as Frame } from '@ariakit/react/dialog';
import { ChevronLeft, ChevronRight, X } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { FileInfo } from '@/api/files';
import { useClock } from '@/features/people/clock';
import { UserName } from '@/features/people/UserName';
import { useText } from '@/i18n/text';
import { closeDialog } from '@/store/commands';
import type { OpenDialog } from '@/store/place';
import { IconButton } from '@/ui/IconButton';
import styles from './Gallery.module.css';
import { GalleryTools } from './GalleryTools';
import { isGone, isPicture } from './kinds';
import { sourceOf } from './PictureTile';
import { Stage } from './Stage';
import { useSwipe } from './useSwipe';
import { useZoom, type Zoom } from './zoom';

/** GalleryDialog shows a file as large as the window, and leads to those beside it. */
export function GalleryDialog({ dialog }: { dialog: Extract<OpenDialog, { kind: 'gallery' }> }) {
  const t = useText();
  const { files } = dialog;
  const frame = useRef<HTMLDivElement>(null);
  const [fileId, setFileId] = useState(dialog.fileId);
  const at = Math.max(
    0,
    files.findIndex(({ id }) => id === fileId),
  );
  const file = files[at];
  const zoom = useZoom(fileId);
  const go = (by: number) => {
    const next = files[at + by];
    if (next) setFileId(next.id);
  };
  const swipe = useSwipe(frame, zoom.scale === 1 ? go : undefined);
  useNeighbours(files, at);
  if (!file) return null;
  return (
    <Frame
      ref={frame}
      open
      onClose={closeDialog}
      className={styles.gallery}
      backdrop={false}
      autoFocusOnShow={(element) => {
        element?.closest<HTMLElement>('[role="dialog"]')?.focus();
        return false;
      }}
      onKeyDown={(event) => key(event, go, zoom, isPicture(file))}
      {...swipe}
    >
      <header className={styles.head}>
        <DialogHeading className={styles.name} dir="auto" title={file.name}>
          {file.name}
        </DialogHeading>
        <About file={file} at={at} count={files.length} />
      </header>
      <GalleryTools file={file} zoom={isPicture(file) ? zoom : undefined} />
      <IconButton
        label={t('ui.close')}
        icon={<X />}
        className={styles.close}
        onClick={closeDialog}
        placement="bottom-end"
      />
      <div className={styles.stage}>
        <Stage key={file.id} file={file} zoom={zoom} />
        {files.length > 1 && (
          <>
            <Side side="previous" disabled={at === 0} onClick={() => go(-1)} />
            <Side side="next" disabled={at === files.length - 1} onClick={() => go(1)} />
          </>
        )}
      </div>
      <span className="visually-hidden" role="status">
        {t('files.at', { name: file.name, at: at + 1, count: files.length })}
      </span>
    </Frame>
  );
}

/** Files of bookmarks belong to their channel; the protocol names nobody as their uploader. */
const ofChannel = 'bookmark';

function About({ file, at, count }: { file: FileInfo; at: number; count: number }) {
  const t = useText();
  const clock = useClock();
  return (
    <p className={styles.about}>
      {file.user_id !== ofChannel && <UserName userId={file.user_id} />}
      <time dateTime={new Date(file.create_at).toISOString()}>
        {clock.date(file.create_at)} {clock.time(file.create_at)}
      </time>
      {count > 1 && <span data-figures>{t('files.of', { at: at + 1, count })}</span>}
    </p>
  );
}

function Side({ side, disabled, onClick }: { side: 'previous' | 'next'; disabled: boolean; onClick: () => void }) {
  const t = useText();
  const Icon = side === 'previous' ? ChevronLeft : ChevronRight;
  return (
    <IconButton
      label={t(`files.${side}`)}
      icon={<Icon />}
      className={styles[side]}
      aria-disabled={disabled || undefined}
      onClick={onClick}
      placement={side === 'previous' ? 'right' : 'left'}
    />
  );
}

/** Players and texts keep the keys that they have a use for. */
const keepsArrows = 'video, audio, input, textarea, select, pre, iframe';

function key(event: KeyboardEvent, go: (by: number) => void, zoom: Zoom, picture: boolean): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  const kept = event.target instanceof Element && event.target.closest(keepsArrows) !== null;
  const acts: Record<string, (() => void) | undefined> = {
    ArrowLeft: kept ? undefined : () => (zoom.scale > 1 ? zoom.pan(-1, 0) : go(-1)),
    ArrowRight: kept ? undefined : () => (zoom.scale > 1 ? zoom.pan(1, 0) : go(1)),
    ArrowUp: zoom.scale > 1 ? () => zoom.pan(0, -1) : undefined,
    ArrowDown: zoom.scale > 1 ? () => zoom.pan(0, 1) : undefined,
    '+': picture ? zoom.larger : undefined,
    '=': picture ? zoom.larger : undefined,
    '-': picture ? zoom.smaller : undefined,
    '0': picture ? zoom.reset : undefined,
  };
  const act = acts[event.key];
  if (!act) return;
  event.preventDefault();
  act();
}

/** The images beside this one are there when one comes to them. */
function useNeighbours(files: readonly FileInfo[], at: number): void {
  useEffect(() => {
    for (const file of [files[at + 1], files[at - 1]]) {
      if (file && isPicture(file) && !isGone(file)) new Image().src = sourceOf(file);
    }
  }, [files, at]);
}
