import { ImageUp, Minus, Plus } from 'lucide-react';
import { type KeyboardEvent, type PointerEvent, useEffect, useRef, useState } from 'react';
import { useText } from '@/i18n/text';
import { Button } from '@/ui/Button';
import { FormError } from '@/ui/FormError';
import styles from './PictureEditor.module.css';
import { areaOf, type Cut, cutPicture, middle, moved, within, zoomMost } from './picture';

/** How wide the square is shown, in pixels. */
const shown = 216;
const step = 8;

export interface PictureEditorProps {
  picture: ImageBitmap;
  onSave: (picture: Blob) => Promise<unknown>;
  onCancel: () => void;
}

/** PictureEditor chooses the part of a picture that is shown: by dragging, by arrow keys, and a slider to enlarge it. */
export function PictureEditor({ picture, onSave, onCancel }: PictureEditorProps) {
  const t = useText();
  const [cut, setCut] = useState<Cut>(middle);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const save = async () => {
    setBusy(true);
    setError(null);
    try {
      await onSave(await cutPicture(picture, cut));
    } catch (reason) {
      setError(reason);
      setBusy(false);
    }
  };
  return (
    <div className={styles.editor}>
      <Square picture={picture} cut={cut} onCut={setCut} />
      <div className={styles.side}>
        <p className={styles.hint}>{t('settings.picture.how')}</p>
        <label className={styles.zoom}>
          <span className="visually-hidden">{t('settings.picture.zoom')}</span>
          <Minus size={16} aria-hidden="true" />
          <input
            type="range"
            min={1}
            max={zoomMost}
            step={0.05}
            value={cut.zoom}
            onChange={(event) => setCut(within(picture, { ...cut, zoom: Number(event.target.value) }))}
          />
          <Plus size={16} aria-hidden="true" />
        </label>
        <FormError error={error} />
        <div className={styles.buttons}>
          <Button onClick={onCancel}>{t('ui.cancel')}</Button>
          <Button
            kind="primary"
            busy={busy}
            icon={<ImageUp size={16} aria-hidden="true" />}
            onClick={() => void save()}
          >
            {t('settings.picture.save')}
          </Button>
        </div>
      </div>
    </div>
  );
}

type SquareProps = { picture: ImageBitmap; cut: Cut; onCut: (cut: Cut) => void };

function Square({ picture, cut, onCut }: SquareProps) {
  const t = useText();
  const canvas = useRef<HTMLCanvasElement>(null);
  const from = useRef<{ x: number; y: number }>(undefined);
  useEffect(() => {
    const on = canvas.current?.getContext('2d');
    if (!on) return;
    const { left, top, side } = areaOf(picture, cut);
    const length = shown * 2;
    on.clearRect(0, 0, length, length);
    on.drawImage(picture, left, top, side, side, 0, 0, length, length);
  }, [picture, cut]);
  const move = (dx: number, dy: number) => onCut(moved(picture, cut, dx, dy, shown));
  const drag = (event: PointerEvent) => {
    if (!from.current) return;
    move(event.clientX - from.current.x, event.clientY - from.current.y);
    from.current = { x: event.clientX, y: event.clientY };
  };
  const key = (event: KeyboardEvent) => {
    const [dx, dy] = { ArrowLeft: [step, 0], ArrowRight: [-step, 0], ArrowUp: [0, step], ArrowDown: [0, -step] }[
      event.key
    ] ?? [0, 0];
    const zoom = { '+': 0.1, '-': -0.1 }[event.key] ?? 0;
    if (!dx && !dy && !zoom) return;
    event.preventDefault();
    if (zoom) onCut(within(picture, { ...cut, zoom: cut.zoom + zoom }));
    else move(dx ?? 0, dy ?? 0);
  };
  return (
    <div
      className={styles.square}
      style={{ width: shown, height: shown }}
      role="application"
      aria-label={t('settings.picture.part')}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the arrow keys move the picture
      tabIndex={0}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        from.current = { x: event.clientX, y: event.clientY };
      }}
      onPointerMove={drag}
      onPointerUp={() => {
        from.current = undefined;
      }}
      onPointerCancel={() => {
        from.current = undefined;
      }}
      onWheel={(event) => onCut(within(picture, { ...cut, zoom: cut.zoom - event.deltaY / 500 }))}
      onKeyDown={key}
    >
      <canvas ref={canvas} width={shown * 2} height={shown * 2} />
      <span className={styles.ring} aria-hidden="true" />
    </div>
  );
}
