import { useState } from 'react';
import { navigate } from 'wouter/use-browser-location';
import { Text, useText } from '@/i18n/text';
import { closeDialog } from '@/store/commands';
import { permalink } from '@/store/paths';
import type { OpenDialog } from '@/store/place';
import { postOf } from '@/store/posts';
import { isOn } from '@/store/selectors';
import { getState, useApp } from '@/store/store';
import { Button } from '@/ui/Button';
import { ChipPicker, type Pickable } from '@/ui/ChipPicker';
import { Dialog } from '@/ui/Dialog';
import { Form } from '@/ui/Form';
import { Segments } from '@/ui/Segments';
import { toast } from '@/ui/toast';
import { copyThread, moveThread } from '../actions';
import styles from './Dialogs.module.css';
import { Quoted } from './Quoted';
import { useTargets } from './targets';

/** MoveDialog takes a message with its replies to another channel, or writes it there once more. */
export function MoveDialog({ dialog }: { dialog: Extract<OpenDialog, { kind: 'move-thread' }> }) {
  const t = useText();
  const { channelId, postId } = dialog;
  const [way, setWay] = useState<'move' | 'copy'>('move');
  const [chosen, setChosen] = useState<Pickable[]>([]);
  const [missing, setMissing] = useState(false);
  const targets = useTargets(chosen);
  const options = useFitting(channelId, targets.options);
  const replies = useApp((state) => postOf(state.posts, channelId, postId)?.reply_count ?? 0);
  const [to] = chosen;
  const go = async () => {
    if (!to) return setMissing(true);
    const id = way === 'copy' ? await copyThread(postId, to.id) : postId;
    if (way === 'move') await moveThread(postId, to.id);
    closeDialog();
    const action = { label: t('messages.move.go'), onSelect: () => navigate(permalink(getState(), to.id, id)) };
    toast({ text: t(`messages.move.${way === 'move' ? 'moved' : 'copied'}`, { name: to.label }), action });
  };
  return (
    <Dialog open onClose={closeDialog} title={<Text id="messages.move.title" />}>
      <Form onSubmit={go} className={styles.form}>
        <div>
          <Segments
            label={t('messages.move.way')}
            value={way}
            options={[
              { value: 'move', label: t('messages.move.move') },
              { value: 'copy', label: t('messages.move.copy') },
            ]}
            onChange={setWay}
          />
        </div>
        <ChipPicker
          label={t('messages.move.to')}
          placeholder={t('messages.move.placeholder')}
          chosen={chosen}
          options={options}
          loading={targets.loading}
          onQuery={targets.look}
          onAdd={(one) => {
            setMissing(false);
            setChosen([one]);
          }}
          onRemove={() => setChosen([])}
          full={chosen.length > 0}
          error={missing ? t('messages.move.missing') : undefined}
          focusFirst
        />
        <Quoted channelId={channelId} postId={postId} />
        <p className={styles.hint}>
          <Text id={`messages.move.${way}Hint`} values={{ count: replies }} />
        </p>
        <div className={styles.buttons}>
          <Button onClick={closeDialog}>{t('ui.cancel')}</Button>
          <Button type="submit" kind="primary">
            {t(way === 'move' ? 'messages.move.move' : 'messages.move.copy')}
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}

/** Threads go to channels, not to people; to those of another team only where the settings allow that. */
function useFitting(from: string, options: readonly Pickable[]): Pickable[] {
  const { channels } = useApp((state) => state.channels);
  const anyTeam = useApp((state) => isOn(state, 'WranglerMoveThreadToAnotherTeamEnable'));
  const team = channels[from]?.team_id;
  return options.filter(({ id }) => {
    const channel = channels[id];
    if (!channel || id === from || channel.type === 'G') return false;
    return anyTeam || !team || channel.team_id === team;
  });
}
