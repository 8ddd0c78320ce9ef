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
