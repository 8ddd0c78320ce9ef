import { UserX } from 'lucide-react';
import { useState } from 'react';
import * as api from '@/api/takeout';
import { useClock } from '@/features/people/clock';
import { UserAvatar } from '@/features/people/UserAvatar';
import { UserName } from '@/features/people/UserName';
import { useText } from '@/i18n/text';
import * as load from '@/realtime/load';
import { closeDialog } from '@/store/commands';
import { displayName } from '@/store/selectors';
import { useApp } from '@/store/store';
import { Button } from '@/ui/Button';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { Dialog } from '@/ui/Dialog';
import { EmptyState } from '@/ui/EmptyState';
import { ErrorState } from '@/ui/ErrorState';
import { SkeletonRow } from '@/ui/Skeleton';
import { toast } from '@/ui/toast';
import { useLoaded } from '@/ui/useLoaded';
import styles from './DeletionsDialog.module.css';

type Act = 'carryOut' | 'decline';

async function deletions(): Promise<api.DeletionRequest[]> {
  const list = await api.getDeletions();
  await load.needUsers(list.map((one) => one.user_id));
  return list;
}

/** DeletionsDialog is where administrators see who has asked to be deleted, and decide. */
export function DeletionsDialog() {
  const t = useText();
  const { value, error, reload } = useLoaded(deletions);
  const [deciding, setDeciding] = useState<{ userId: string; act: Act }>();
  return (
    <Dialog open onClose={closeDialog} title={t('people.deletions')} size="m">
      {!value && error === undefined && <SkeletonRow rows={3} picture={32} />}
      {!value && error !== undefined && <ErrorState error={error} onRetry={() => void reload()} />}
      {value?.length === 0 && (
        <EmptyState icon={<UserX size={28} />} title={t('people.deletions.none')}>
          {t('people.deletions.none.hint')}
        </EmptyState>
      )}
      {value && value.length > 0 && (
        <ul className={styles.list} aria-label={t('people.deletions')}>
          {value.map((one) => (
            <Row key={one.user_id} request={one} onDecide={(act) => setDeciding({ userId: one.user_id, act })} />
          ))}
        </ul>
      )}
      {deciding && <Decide {...deciding} onDone={reload} onClose={() => setDeciding(undefined)} />}
    </Dialog>
  );
}

function Row({ request, onDecide }: { request: api.DeletionRequest; onDecide: (act: Act) => void }) {
  const t = useText();
  const clock = useClock();
  return (
    <li className={styles.row}>
      <UserAvatar userId={request.user_id} size={32} />
      <div className={styles.words}>
        <span className={styles.name}>
          <UserName userId={request.user_id} />
        </span>
        <span className={styles.quiet}>{clock.near(request.asked_at)}</span>
        {request.reason && <q dir="auto">{request.reason}</q>}
      </div>
      <div className={styles.acts}>
        <Button onClick={() => onDecide('decline')}>{t('people.deletions.decline')}</Button>
        <Button kind="danger" onClick={() => onDecide('carryOut')}>
          {t('people.deletions.carryOut')}
        </Button>
      </div>
    </li>
  );
}

interface DecideProps {
  userId: string;
  act: Act;
  onDone: () => Promise<void>;
  onClose: () => void;
}

function Decide({ userId, act, onDone, onClose }: DecideProps) {
  const t = useText();
  const name = useApp((state) => displayName(state, userId));
  const go = async () => {
    await (act === 'decline' ? api.declineDeletion(userId) : api.carryOutDeletion(userId));
    toast(t(`people.deletions.${act}.done`, { name }));
    await onDone();
  };
  return (
    <ConfirmDialog
      title={t(`people.deletions.${act}.title`, { name })}
      confirm={t(`people.deletions.${act}`)}
      danger={act === 'carryOut'}
      onConfirm={go}
      onClose={onClose}
    >
      {t(`people.deletions.${act}.hint`, { name })}
    </ConfirmDialog>
  );
}
