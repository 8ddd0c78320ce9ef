/** The open dialog, by its kind. Each loads on its own when it is first opened and closes by `closeDialog`. */
import { type ComponentType, type LazyExoticComponent, lazy } from 'react';
import type { OpenDialog } from '@/store/place';
import { useApp } from '@/store/store';

type DialogOf<K extends OpenDialog['kind']> = Extract<OpenDialog, { kind: K }>;
type Dialogs = { [K in OpenDialog['kind']]?: LazyExoticComponent<ComponentType<{ dialog: DialogOf<K> }>> };

// One line a kind.
const dialogs: Dialogs = {
  shortcuts: lazy(() => import('./ShortcutsDialog').then((module) => ({ default: module.ShortcutsDialog }))),
  people: lazy(() => import('@/features/people/PeopleDialog').then((module) => ({ default: module.PeopleDialog }))),
  'add-to-channel': lazy(() =>
    import('@/features/people/AddToChannelDialog').then((module) => ({ default: module.AddToChannelDialog })),
  ),
  'custom-status': lazy(() =>
    import('@/features/people/CustomStatusDialog').then((module) => ({ default: module.CustomStatusDialog })),
  ),
  'dnd-until': lazy(() => import('@/features/people/DndDialog').then((module) => ({ default: module.DndDialog }))),
};

export function Dialogs() {
  const open = useApp((state) => state.place.dialog);
  const Shown = open && (dialogs[open.kind] as ComponentType<{ dialog: OpenDialog }> | undefined);
  return Shown ? <Shown dialog={open} /> : null;
}
