import { Paperclip } from 'lucide-react';
import type { ChangeEvent, RefObject } from 'react';
import type { Chosen } from '@/features/files/dropping';
import { useText } from '@/i18n/text';
import { IconButton } from '@/ui/IconButton';
import { boxKeys } from './keys';
import styles from './MessageBox.module.css';

export interface AttachButtonProps {
  /** The field that the browser's own dialog is opened through. */
  input: RefObject<HTMLInputElement | null>;
  onFiles: (chosen: Chosen) => void;
}

/** AttachButton chooses files of this device, several at once. */
export function AttachButton({ input, onFiles }: AttachButtonProps) {
  const t = useText();
  const change = (event: ChangeEvent<HTMLInputElement>) => {
    const files = [...(event.target.files ?? [])];
    // The same file may be chosen again after it was taken away.
    event.target.value = '';
    if (files.length > 0) onFiles({ files, folders: [] });
  };
  return (
    <>
      <IconButton
        label={t('composer.attach')}
        icon={<Paperclip />}
        shortcut={boxKeys.attach}
        className={styles.tool}
        onClick={() => input.current?.click()}
      />
      <input ref={input} type="file" multiple hidden aria-label={t('composer.attach')} onChange={change} />
    </>
  );
}
