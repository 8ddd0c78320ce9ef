import { type ReactNode, useRef, useState } from 'react';
import { useText } from '@/i18n/text';
import { accepted, readPicture } from './picture';

export interface ChosenPicture {
  /** The picture that was chosen and is to be cut; undefined while there is none. */
  picture: ImageBitmap | undefined;
  /** Why the chosen file can't be read, as a sentence. */
  error: string | undefined;
  /** Opens the browser's choice of a file. Needs `input` on the page. */
  ask: () => void;
  /** Lets the picture go. */
  done: () => void;
  input: ReactNode;
}

/** useChosenPicture has somebody choose a picture from their files. */
export function useChosenPicture(): ChosenPicture {
  const t = useText();
  const file = useRef<HTMLInputElement>(null);
  const [picture, setPicture] = useState<ImageBitmap>();
  const [error, setError] = useState<string>();
  const choose = async (chosen: File | undefined) => {
    if (!chosen) return;
    try {
      setPicture(await readPicture(chosen));
      setError(undefined);
    } catch {
      setError(t('settings.picture.unreadable', { name: chosen.name }));
    }
  };
  const done = () => {
    picture?.close();
    setPicture(undefined);
  };
  const input = (
    <input
      ref={file}
      type="file"
      hidden
      accept={accepted}
      aria-label={t('settings.picture.choose')}
      onChange={(event) => {
        void choose(event.target.files?.[0]);
        event.target.value = '';
      }}
    />
  );
  return { picture, error, ask: () => file.current?.click(), done, input };
}
