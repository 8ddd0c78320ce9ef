import { Pause, Play } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { type FileInfo, fileUrl } from '@/api/files';
import { useText } from '@/i18n/text';
import { useMedia } from '@/ui/media';
import styles from './Files.module.css';
import { boxOf, PictureTile, Unavailable } from './PictureTile';

export interface MovingPictureProps {
  file: FileInfo;
  tile: boolean;
  onOpen: (fileId: string) => void;
}

/** MovingPicture is an animated image that can be halted, and is halted for who wants nothing to move. */
export function MovingPicture({ file, tile, onOpen }: MovingPictureProps) {
  const t = useText();
  const [failed, setFailed] = useState(false);
  const { playing, toggle } = usePlaying();
  if (failed) return <Unavailable file={file} style={boxOf(file, tile)} onRetry={() => setFailed(false)} />;
  return (
    <div className={styles.moving} style={boxOf(file, tile)} data-tile={tile || undefined}>
      <PictureTile file={file} tile={tile} onOpen={onOpen}>
        <Frames src={fileUrl(file.id)} playing={playing} onError={() => setFailed(true)} />
      </PictureTile>
      <button
        type="button"
        className={styles.halt}
        aria-label={t(playing ? 'files.pause' : 'files.play', { name: file.name })}
        onClick={toggle}
      >
        {playing ? <Pause size={14} aria-hidden="true" /> : <Play size={14} aria-hidden="true" />}
        <span aria-hidden="true">{file.extension.toUpperCase()}</span>
      </button>
    </div>
  );
}

/** usePlaying tells whether something moves: as one wants it in general, until it is pressed. */
export function usePlaying(): { playing: boolean; toggle: () => void } {
  const still = useMedia('(prefers-reduced-motion: reduce)');
  const [chosen, setChosen] = useState<boolean>();
  const playing = chosen ?? !still;
  return { playing, toggle: () => setChosen(!playing) };
}

export interface FramesProps {
  src: string;
  playing: boolean;
  alt?: string;
  className?: string | undefined;
  onError: () => void;
}

/** Frames is an animated image; halted, its first frame is drawn in its place. */
export function Frames({ src, playing, alt = '', className, onError }: FramesProps) {
  const image = useRef<HTMLImageElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [loaded, setLoaded] = useState(false);
  useEffect(() => {
    const [from, to] = [image.current, canvas.current];
    if (playing || !loaded || !from || !to) return;
    to.width = from.naturalWidth;
    to.height = from.naturalHeight;
    to.getContext('2d')?.drawImage(from, 0, 0);
  }, [playing, loaded]);
  return (
    <>
      <img
        ref={image}
        className={className}
        src={src}
        alt={playing ? alt : ''}
        hidden={!playing}
        onLoad={() => setLoaded(true)}
        onError={onError}
      />
      {/* What shows it has a name of its own, unless one is given. */}
      {alt ? (
        <canvas ref={canvas} className={className} hidden={playing} role="img" aria-label={alt} />
      ) : (
        <canvas ref={canvas} className={className} hidden={playing} />
      )}
    </>
  );
}
