import { readAll } from '@/features/threads/actions';
import { Text, useText } from '@/i18n/text';
import { closeDialog } from '@/store/commands';
import type { OpenDialog } from '@/store/place';
import { channelsOfTeam, isCollapsed } from '@/store/selectors';
import { dispatch, getState, useApp } from '@/store/store';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { markAllRead } from './actions';

async function read(teamId: string): Promise<void> {
  const state = getState();
  const channelIds = channelsOfTeam(state, teamId).map((channel) => channel.id);
  await Promise.all([markAllRead(channelIds), isCollapsed(state) && readAll(teamId)]);
  dispatch({ type: 'place/new-since', newSince: Number.MAX_SAFE_INTEGER });
}

/** ReadDialog asks before everything in a team counts as read. */
export function ReadDialog({ dialog: { teamId } }: { dialog: Extract<OpenDialog, { kind: 'read-team' }> }) {
  const t = useText();
  const name = useApp((state) => state.teams.teams[teamId]?.display_name ?? '');
  return (
    <ConfirmDialog
      title={<Text id="sidebar.readAll.title" />}
      confirm={t('sidebar.readAll.confirm')}
      onConfirm={() => read(teamId)}
      onClose={closeDialog}
    >
      <p>
        <Text id="sidebar.readAll.words" values={{ name }} />
      </p>
    </ConfirmDialog>
  );
}
