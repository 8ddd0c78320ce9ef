import { FileX } from 'lucide-react';
import { type PointerEvent, useEffect, useRef, useState } from 'react';
import { type FileInfo, fileUrl, getFileInfo } from '@/api/files';
import { useText } from '@/i18n/text';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorState } from '@/ui/ErrorState';
import { FileCard } from './FileCard';
import styles from './Gallery.module.css';
import { isGone, isMoving, isPicture, kindOf } from './kinds';
import { Frames, usePlaying } from './MovingPicture';
import { PdfView } from './PdfView';
import { miniOf, sourceOf } from './PictureTile';
import { TextView } from './TextView';
import type { Zoom } from './zoom';

/** Stage shows one file as what it is. */
export function Stage({ file, zoom }: { file: FileInfo; zoom: Zoom }) {
  const t = useText();
  const [error, setError] = useState<{ reason: unknown }>();
  const [attempts, setAttempts] = useState(0);
  // Players and images don't say why something didn't come; the server does.
  const failed = (reason?: unknown) => {
    if (reason !== undefined) setError({ reason });
    else
      getFileInfo(file.id).then(
        () => setError({ reason: undefined }),
        (refusal: unknown) => setError({ reason: refusal }),
      );
  };
  if (isGone(file)) return <EmptyState title={t('files.gone')} icon={<FileX size={24} />} />;
  if (error) {
    const again = () => {
      setError(undefined);
      setAttempts(attempts + 1);
    };
    return <ErrorState title={t('files.failed', { name: file.name })} error={error.reason} onRetry={again} />;
  }
  return <Shown key={attempts} file={file} zoom={zoom} onFail={failed} />;
}

export interface ShownProps {
  file: FileInfo;
  /** Told with the reason when that is known. */
  onFail: (reason?: unknown) => void;
}

function Shown({ file, zoom, onFail }: ShownProps & { zoom: Zoom }) {
  const kind = kindOf(file);
  if (isPicture(file)) return <Picture file={file} zoom={zoom} onFail={onFail} />;
  switch (kind) {
    case 'video':
      return (
        // biome-ignore lint/a11y/useMediaCaption: whoever sent it has no captions for it
        <video
          className={styles.video}
          src={fileUrl(file.id)}
          controls
          playsInline
          aria-label={file.name}
          onError={() => onFail()}
        />
      );
    case 'audio':
      return (
        // biome-ignore lint/a11y/useMediaCaption: as above
        <audio
          className={styles.audio}
          src={fileUrl(file.id)}
          controls
          aria-label={file.name}
          onError={() => onFail()}
        />
      );
    case 'text':
      return <TextView file={file} onFail={onFail} />;
    case 'pdf':
      return <PdfView file={file} onFail={onFail} />;
    default:
      return (
        <div className={styles.card}>
          <FileCard file={file} />
        </div>
      );
  }
}

function Picture({ file, zoom, onFail }: ShownProps & { zoom: Zoom }) {
  const t = useText();
  const [there, setThere] = useState(false);
  const { playing, toggle } = usePlaying();
  const drag = useDrag(zoom);
  const { box, scale } = zoom;
  // A larger one shows more than what was made for the screen.
  const src = scale > 1 ? fileUrl(file.id) : sourceOf(file);
  const moving = isMoving(file);
  return (
    <>
      <div ref={box} className={styles.view} data-zoomed={scale > 1 || undefined} {...drag}>
        <div
          className={styles.sheet}
          style={
            {
              '--scale': scale,
              '--ratio': file.width / file.height,
              '--width': `${file.width}px`,
            } as React.CSSProperties
          }
        >
          {!there && miniOf(file) && <span className={styles.mini} style={miniOf(file)} />}
          {moving ? (
            <Frames src={fileUrl(file.id)} playing={playing} alt={file.name} onError={() => onFail()} />
          ) : (
            <img
              src={src}
              alt={file.name}
              width={file.width}
              height={file.height}
              draggable={false}
              onLoad={() => setThere(true)}
              onError={() => onFail()}
            />
          )}
        </div>
      </div>
      {moving && (
        <button type="button" className={styles.halt} onClick={toggle}>
          {t(playing ? 'files.pause' : 'files.play', { name: file.name })}
        </button>
      )}
    </>
  );
}

/** A press zooms; a large picture is pulled about by the mouse. Fingers scroll by themselves. */
function useDrag({ box, scale, toggle }: Zoom) {
  const held = useRef<{ x: number; y: number; moved: boolean }>(undefined);
  useEffect(() => {
    const release = () => {
      held.current = undefined;
    };
    window.addEventListener('pointercancel', release);
    return () => window.removeEventListener('pointercancel', release);
  }, []);
  return {
    onPointerDown(event: PointerEvent) {
      if (event.button !== 0) return;
      held.current = { x: event.clientX, y: event.clientY, moved: false };
      if (event.pointerType === 'mouse' && scale > 1) event.currentTarget.setPointerCapture(event.pointerId);
    },
    onPointerMove(event: PointerEvent) {
      const from = held.current;
      if (!from) return;
      const [across, down] = [event.clientX - from.x, event.clientY - from.y];
      if (!from.moved && Math.hypot(across, down) < 5) return;
      held.current = { x: event.clientX, y: event.clientY, moved: true };
      if (event.pointerType === 'mouse' && scale > 1) box.current?.scrollBy(-across, -down);
    },
    onPointerUp(event: PointerEvent) {
      const pressed = held.current && !held.current.moved;
      held.current = undefined;
      // A finger that taps means nothing by it, and zooms by two.
      if (pressed && event.pointerType === 'mouse') toggle();
    },
  };
}
