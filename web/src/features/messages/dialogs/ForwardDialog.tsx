import { useState } from 'react';
import { navigate } from 'wouter/use-browser-location';
import { direct } from '@/features/channels/actions';
import { Text, useText } from '@/i18n/text';
import { closeDialog } from '@/store/commands';
import { channelPath } from '@/store/paths';
import type { OpenDialog } from '@/store/place';
import { getState, useApp } from '@/store/store';
import { Button } from '@/ui/Button';
import { ChipPicker, type Pickable } from '@/ui/ChipPicker';
import { Dialog } from '@/ui/Dialog';
import { Form } from '@/ui/Form';
import { TextArea } from '@/ui/TextArea';
import { toast } from '@/ui/toast';
import { forward } from '../actions';
import styles from './Dialogs.module.css';
import { Quoted } from './Quoted';
import { isPerson, useTargets } from './targets';

const most = 10;

/** The channel of a target; the one with a person is made when there is none. */
async function channelOf(id: string): Promise<string | undefined> {
  const userId = isPerson(id);
  return userId ? (await direct(userId))?.id : id;
}

/** ForwardDialog sends a message on to channels and people, with a comment. */
export function ForwardDialog({ dialog }: { dialog: Extract<OpenDialog, { kind: 'forward-post' }> }) {
  const t = useText();
  const [chosen, setChosen] = useState<Pickable[]>([]);
  const [comment, setComment] = useState('');
  const [missing, setMissing] = useState(false);
  const targets = useTargets(chosen);
  const closed = useApp((state) => {
    const channel = state.channels.channels[dialog.channelId];
    return channel?.type !== 'O';
  });
  const send = async () => {
    if (chosen.length === 0) return setMissing(true);
    let last = '';
    for (const one of [...chosen]) {
      const channelId = await channelOf(one.id);
      if (channelId) await forward(dialog, channelId, comment);
      last = channelId ?? last;
      // Should a later one fail, trying again sends it to those only who don't have it yet.
      setChosen((all) => all.filter((other) => other.id !== one.id));
    }
    closeDialog();
    said(chosen, last, t);
  };
  return (
    <Dialog open onClose={closeDialog} title={<Text id="messages.forward.title" />}>
      <Form onSubmit={send} className={styles.form}>
        <ChipPicker
          label={t('messages.forward.to')}
          placeholder={t('messages.forward.placeholder')}
          chosen={chosen}
          options={targets.options}
          loading={targets.loading}
          onQuery={targets.look}
          onAdd={(one) => {
            setMissing(false);
            setChosen([...chosen, one]);
          }}
          onRemove={(id) => setChosen(chosen.filter((one) => one.id !== id))}
          full={chosen.length >= most}
          error={missing ? t('messages.forward.missing') : undefined}
          focusFirst
        />
        <TextArea label={t('messages.forward.comment')} value={comment} onChange={setComment} />
        <Quoted channelId={dialog.channelId} postId={dialog.postId} />
        {closed && (
          <p className={styles.hint}>
            <Text id="messages.forward.closed" />
          </p>
        )}
        <div className={styles.buttons}>
          <Button onClick={closeDialog}>{t('ui.cancel')}</Button>
          <Button type="submit" kind="primary">
            {t('messages.forward.send')}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}

function said(chosen: readonly Pickable[], channelId: string, t: ReturnType<typeof useText>): void {
  const [first] = chosen;
  const text = t('messages.forward.done', { name: first?.label ?? '', count: chosen.length - 1 });
  const go = () => {
    const state = getState();
    const channel = state.channels.channels[channelId];
    if (channel) navigate(channelPath(state, channel));
  };
  toast({ text, action: { label: t('messages.forward.go'), onSelect: go } });
}
