import { ExternalLink } from 'lucide-react';
import { useState } from 'react';
import { Text, useText } from '@/i18n/text';
import { closeDialog } from '@/store/commands';
import type { OpenDialog } from '@/store/place';
import { useApp } from '@/store/store';
import { Dialog } from '@/ui/Dialog';
import { ErrorState } from '@/ui/ErrorState';
import { baseContext } from '../surroundings';
import styles from './Dialogs.module.css';

/** ImageDialog shows an image of a message as large as the window allows. */
export function ImageDialog({ dialog }: { dialog: Extract<OpenDialog, { kind: 'image' }> }) {
  const t = useText();
  const [failed, setFailed] = useState(0);
  const load = useApp((state) => baseContext(state).imageUrl);
  const name = dialog.alt || t('markdown.image');
  return (
    <Dialog open onClose={closeDialog} title={name} size="l" bare>
      <div className={styles.image}>
        {failed % 2 === 1 ? (
          <ErrorState title={t('messages.imageFailed', { name })} onRetry={() => setFailed(failed + 1)} />
        ) : (
          <img
            key={failed}
            src={load?.(dialog.src) ?? dialog.src}
            alt={name}
            referrerPolicy="no-referrer"
            onError={() => setFailed(failed + 1)}
          />
        )}
      </div>
      <p className={styles.imageFoot}>
        <a href={dialog.src} target="_blank" rel="noopener noreferrer nofollow">
          <Text id="messages.image.open" /> <ExternalLink size={14} aria-hidden="true" style={{ display: 'inline' }} />
        </a>
      </p>
    </Dialog>
  );
}
