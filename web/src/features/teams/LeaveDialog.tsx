import { Text, useText } from '@/i18n/text';
import { closeDialog } from '@/store/commands';
import type { OpenDialog } from '@/store/place';
import { useApp } from '@/store/store';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { leaveTeam } from './actions';

/** LeaveDialog asks before one leaves a team. */
export function LeaveDialog({ dialog }: { dialog: Extract<OpenDialog, { kind: 'leave-team' }> }) {
  const t = useText();
  const team = useApp((state) => state.teams.teams[dialog.teamId]);
  const name = team?.display_name ?? '';
  return (
    <ConfirmDialog
      title={t('teams.leave.title', { team: name })}
      confirm={t('teams.leave.confirm')}
      danger
      onConfirm={() => leaveTeam(dialog.teamId)}
      onClose={closeDialog}
    >
      <Text
        id={team?.allow_open_invite ? 'teams.leave.open' : 'teams.leave.closed'}
        values={{ team: name, b: (parts) => <strong>{parts}</strong> }}
      />
    </ConfirmDialog>
  );
}
