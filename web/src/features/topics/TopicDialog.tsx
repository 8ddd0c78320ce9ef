import { useState } from 'react';
import { useText } from '@/i18n/text';
import { closeDialog } from '@/store/commands';
import type { OpenDialog } from '@/store/place';
import { useApp } from '@/store/store';
import { topicOf } from '@/store/topics';
import { attempt } from '@/ui/attempt';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Form } from '@/ui/Form';
import { TextField } from '@/ui/TextField';
import { nameTopic, removeTopic } from './actions';
import styles from './Topics.module.css';

/** TopicDialog gives a thread a title, changes it, or takes it away. */
export function TopicDialog({ dialog }: { dialog: Extract<OpenDialog, { kind: 'topic' }> }) {
  const t = useText();
  const { channelId, rootId } = dialog;
  const known = useApp((state) => topicOf(state, channelId, rootId));
  const [title, setTitle] = useState(known?.title ?? '');
  const [wanted, setWanted] = useState(false);
  const save = async () => {
    if (title.trim() === '') return setWanted(true);
    await nameTopic(rootId, title);
    closeDialog();
  };
  const remove = async () => {
    await removeTopic(rootId);
    closeDialog();
  };
  return (
    <Dialog open onClose={closeDialog} title={t(known ? 'topics.rename' : 'topics.make')} size="s">
      <Form onSubmit={save} className={styles.form}>
        <TextField
          label={t('topics.title')}
          hint={t('topics.title.hint')}
          value={title}
          maxLength={128}
          focusFirst
          onChange={(next) => {
            setTitle(next);
            setWanted(false);
          }}
          error={wanted ? t('topics.title.wanted') : undefined}
        />
        <div className={styles.acts}>
          <Button type="submit" kind="primary">
            {t('topics.save')}
          </Button>
          <Button onClick={closeDialog}>{t('ui.cancel')}</Button>
          {known && (
            <Button kind="plain" onClick={() => void attempt(remove())}>
              {t('topics.remove')}
            </Button>
          )}
        </div>
      </Form>
    </Dialog>
  );
}
