/** The open dialog, by its kind. Each loads on its own when it is first opened and closes by `closeDialog`. */
import type { ComponentType } from 'react';
import { closeDialog } from '@/store/commands';
import type { OpenDialog } from '@/store/place';
import { useApp } from '@/store/store';
import { type LateComponent, Later, late } from '@/ui/late';

type DialogOf<K extends OpenDialog['kind']> = Extract<OpenDialog, { kind: K }>;
type Dialogs = { [K in OpenDialog['kind']]?: LateComponent<{ dialog: DialogOf<K> }> };

// One line a kind.
const dialogs: Dialogs = {
  switcher: late(() => import('@/features/switcher/SwitcherDialog').then((module) => module.SwitcherDialog), 'soon'),
  shortcuts: late(() => import('./ShortcutsDialog').then((module) => module.ShortcutsDialog)),
  'browse-channels': late(() => import('@/features/channels/BrowseDialog').then((module) => module.BrowseDialog)),
  'new-channel': late(() => import('@/features/channels/NewChannelDialog').then((module) => module.NewChannelDialog)),
  'new-message': late(() => import('@/features/channels/NewMessageDialog').then((module) => module.NewMessageDialog)),
  'add-people': late(() => import('@/features/channels/AddPeopleDialog').then((module) => module.AddPeopleDialog)),
  'channel-settings': late(() => import('@/features/channels/SettingsDialog').then((module) => module.SettingsDialog)),
  'channel-notifications': late(() =>
    import('@/features/channels/NotificationsDialog').then((module) => module.NotificationsDialog),
  ),
  'convert-group': late(() => import('@/features/channels/ConvertDialog').then((module) => module.ConvertDialog)),
  'archive-channel': late(() => import('@/features/channels/EndDialogs').then((module) => module.ArchiveDialog)),
  'leave-channel': late(() => import('@/features/channels/EndDialogs').then((module) => module.LeaveDialog)),
  category: late(() => import('@/features/sidebar/CategoryDialogs').then((module) => module.CategoryDialog)),
  'delete-category': late(() =>
    import('@/features/sidebar/CategoryDialogs').then((module) => module.DeleteCategoryDialog),
  ),
  invite: late(() => import('@/features/teams/InviteDialog').then((module) => module.InviteDialog)),
  'team-settings': late(() => import('@/features/teams/SettingsDialog').then((module) => module.SettingsDialog)),
  'team-members': late(() => import('@/features/teams/MembersDialog').then((module) => module.MembersDialog)),
  'leave-team': late(() => import('@/features/teams/LeaveDialog').then((module) => module.LeaveDialog)),
  'read-team': late(() => import('@/features/sidebar/ReadDialog').then((module) => module.ReadDialog)),
  people: late(() => import('@/features/people/PeopleDialog').then((module) => module.PeopleDialog)),
  groups: late(() => import('@/features/groups/GroupsDialog').then((module) => module.GroupsDialog)),
  group: late(() => import('@/features/groups/GroupDialog').then((module) => module.GroupDialog)),
  'group-form': late(() => import('@/features/groups/GroupForm').then((module) => module.GroupForm)),
  'group-people': late(() => import('@/features/groups/AddDialog').then((module) => module.AddDialog)),
  'add-to-channel': late(() =>
    import('@/features/people/AddToChannelDialog').then((module) => module.AddToChannelDialog),
  ),
  'delete-post': late(() => import('@/features/messages/dialogs/DeleteDialog').then((module) => module.DeleteDialog)),
  statistics: late(() => import('@/features/statistics/StatisticsDialog').then((module) => module.StatisticsDialog)),
  'move-thread': late(() => import('@/features/messages/dialogs/MoveDialog').then((module) => module.MoveDialog)),
  'forward-post': late(() =>
    import('@/features/messages/dialogs/ForwardDialog').then((module) => module.ForwardDialog),
  ),
  reminder: late(() => import('@/features/messages/dialogs/ReminderDialog').then((module) => module.ReminderDialog)),
  schedule: late(() => import('@/features/drafts/ScheduleDialog').then((module) => module.ScheduleDialog)),
  'custom-emoji': late(() => import('@/features/emoji/CustomDialog').then((module) => module.CustomDialog)),
  bookmark: late(() => import('@/features/channels/BookmarkDialog').then((module) => module.BookmarkDialog)),
  interactive: late(() =>
    import('@/features/messages/interactive/InteractiveDialog').then((module) => module.InteractiveDialog),
  ),
  image: late(() => import('@/features/messages/dialogs/ImageDialog').then((module) => module.ImageDialog)),
  gallery: late(() => import('@/features/files/GalleryDialog').then((module) => module.GalleryDialog), 'soon'),
  'custom-status': late(() =>
    import('@/features/people/CustomStatusDialog').then((module) => module.CustomStatusDialog),
  ),
  settings: late(() => import('@/features/settings/SettingsDialog').then((module) => module.SettingsDialog)),
  about: late(() => import('@/features/settings/AboutDialog').then((module) => module.AboutDialog)),
  attributes: late(() => import('@/features/settings/AttributesDialog').then((module) => module.AttributesDialog)),
  'report-post': late(() => import('@/features/moderation/ReportDialog').then((module) => module.ReportDialog)),
  deletions: late(() => import('@/features/settings/DeletionsDialog').then((module) => module.DeletionsDialog)),
  topic: late(() => import('@/features/topics/TopicDialog').then((module) => module.TopicDialog)),
  reports: late(() => import('@/features/moderation/ReportsDialog').then((module) => module.ReportsDialog)),
  'dnd-until': late(() => import('@/features/people/DndDialog').then((module) => module.DndDialog)),
};

export function Dialogs() {
  const open = useApp((state) => state.place.dialog);
  const Shown = open && (dialogs[open.kind] as ComponentType<{ dialog: OpenDialog }> | undefined);
  if (!Shown) return null;
  return (
    <Later key={open.kind} onFail={closeDialog}>
      <Shown dialog={open} />
    </Later>
  );
}
