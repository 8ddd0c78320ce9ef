/** The open dialog, by its kind. Each loads on its own when it is first opened and closes by `closeDialog`. */
import type { ComponentType, LazyExoticComponent } from 'react';
import type { OpenDialog } from '@/store/place';
import { useApp } from '@/store/store';

type DialogOf<K extends OpenDialog['kind']> = Extract<OpenDialog, { kind: K }>;
type Dialogs = { [K in OpenDialog['kind']]?: LazyExoticComponent<ComponentType<{ dialog: DialogOf<K> }>> };

// One line a kind: people: lazy(() => import('@/features/…').then((module) => ({ default: module.PeopleDialog }))),
const dialogs: Dialogs = {};

export function Dialogs() {
  const open = useApp((state) => state.place.dialog);
  const Shown = open && (dialogs[open.kind] as ComponentType<{ dialog: OpenDialog }> | undefined);
  return Shown ? <Shown dialog={open} /> : null;
}
