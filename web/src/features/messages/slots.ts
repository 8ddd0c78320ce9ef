/** What stands in a message but is made by a later feature. */
import type { ComponentType } from 'react';

export interface EditBoxProps {
  channelId: string;
  postId: string;
  where: 'centre' | 'pane';
}

let editBox: ComponentType<EditBoxProps> | undefined;

/** provideEditBox says what the text of a message becomes while it is edited. */
export function provideEditBox(component: ComponentType<EditBoxProps>): void {
  editBox = component;
}

/** editBoxOf returns it. */
export const editBoxOf = (): ComponentType<EditBoxProps> | undefined => editBox;

let focusBox: ((where: 'centre' | 'pane') => boolean) | undefined;

/** provideBoxFocus says how to get to the message box of a place. */
export function provideBoxFocus(focus: (where: 'centre' | 'pane') => boolean): void {
  focusBox = focus;
}

/** goToBox moves the focus to the message box of a place; false when there is none. */
export const goToBox = (where: 'centre' | 'pane'): boolean => focusBox?.(where) ?? false;
