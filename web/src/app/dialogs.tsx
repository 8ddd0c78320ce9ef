/** The open dialog, by its kind. Each loads on its own when it is first opened and closes by `closeDialog`. */
import { type ComponentType, type LazyExoticComponent, lazy } from 'react';
import type { OpenDialog } from '@/store/place';
import { useApp } from '@/store/store';

type DialogOf<K extends OpenDialog['kind']> = Extract<OpenDialog, { kind: K }>;
type Dialogs = { [K in OpenDialog['kind']]?: LazyExoticComponent<ComponentType<{ dialog: DialogOf<K> }>> };

// One line a kind.
const dialogs: Dialogs = {
  switcher: lazy(() =>
    import('@/features/switcher/SwitcherDialog').then((module) => ({ default: module.SwitcherDialog })),
  ),
  shortcuts: lazy(() => import('./ShortcutsDialog').then((module) => ({ default: module.ShortcutsDialog }))),
  'browse-channels': lazy(() =>
    import('@/features/channels/BrowseDialog').then((module) => ({ default: module.BrowseDialog })),
  ),
  'new-channel': lazy(() =>
    import('@/features/channels/NewChannelDialog').then((module) => ({ default: module.NewChannelDialog })),
  ),
  'new-message': lazy(() =>
    import('@/features/channels/NewMessageDialog').then((module) => ({ default: module.NewMessageDialog })),
  ),
  'add-people': lazy(() =>
    import('@/features/channels/AddPeopleDialog').then((module) => ({ default: module.AddPeopleDialog })),
  ),
  'channel-settings': lazy(() =>
    import('@/features/channels/SettingsDialog').then((module) => ({ default: module.SettingsDialog })),
  ),
  'channel-notifications': lazy(() =>
    import('@/features/channels/NotificationsDialog').then((module) => ({ default: module.NotificationsDialog })),
  ),
  'archive-channel': lazy(() =>
    import('@/features/channels/EndDialogs').then((module) => ({ default: module.ArchiveDialog })),
  ),
  'leave-channel': lazy(() =>
    import('@/features/channels/EndDialogs').then((module) => ({ default: module.LeaveDialog })),
  ),
  category: lazy(() =>
    import('@/features/sidebar/CategoryDialogs').then((module) => ({ default: module.CategoryDialog })),
  ),
  'delete-category': lazy(() =>
    import('@/features/sidebar/CategoryDialogs').then((module) => ({ default: module.DeleteCategoryDialog })),
  ),
  invite: lazy(() => import('@/features/teams/InviteDialog').then((module) => ({ default: module.InviteDialog }))),
  'team-settings': lazy(() =>
    import('@/features/teams/SettingsDialog').then((module) => ({ default: module.SettingsDialog })),
  ),
  'team-members': lazy(() =>
    import('@/features/teams/MembersDialog').then((module) => ({ default: module.MembersDialog })),
  ),
  'leave-team': lazy(() => import('@/features/teams/LeaveDialog').then((module) => ({ default: module.LeaveDialog }))),
  people: lazy(() => import('@/features/people/PeopleDialog').then((module) => ({ default: module.PeopleDialog }))),
  'add-to-channel': lazy(() =>
    import('@/features/people/AddToChannelDialog').then((module) => ({ default: module.AddToChannelDialog })),
  ),
  'delete-post': lazy(() =>
    import('@/features/messages/dialogs/DeleteDialog').then((module) => ({ default: module.DeleteDialog })),
  ),
  'forward-post': lazy(() =>
    import('@/features/messages/dialogs/ForwardDialog').then((module) => ({ default: module.ForwardDialog })),
  ),
  reminder: lazy(() =>
    import('@/features/messages/dialogs/ReminderDialog').then((module) => ({ default: module.ReminderDialog })),
  ),
  image: lazy(() =>
    import('@/features/messages/dialogs/ImageDialog').then((module) => ({ default: module.ImageDialog })),
  ),
  'custom-status': lazy(() =>
    import('@/features/people/CustomStatusDialog').then((module) => ({ default: module.CustomStatusDialog })),
  ),
  settings: lazy(() =>
    import('@/features/settings/SettingsDialog').then((module) => ({ default: module.SettingsDialog })),
  ),
  about: lazy(() => import('@/features/settings/AboutDialog').then((module) => ({ default: module.AboutDialog }))),
  'dnd-until': lazy(() => import('@/features/people/DndDialog').then((module) => ({ default: module.DndDialog }))),
};

export function Dialogs() {
  const open = useApp((state) => state.place.dialog);
  const Shown = open && (dialogs[open.kind] as ComponentType<{ dialog: OpenDialog }> | undefined);
  return Shown ? <Shown dialog={open} /> : null;
}
