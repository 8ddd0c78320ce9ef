/** Acts that only change where one looks. */
import type { OpenDialog, Pane, PlaceState } from './place';
import { dispatch } from './store';

/** openPane shows something on the right; on a phone it comes to the front. */
export const openPane = (pane: Pane): void => dispatch({ type: 'place/pane', pane });
export const closePane = (): void => dispatch({ type: 'place/pane' });
/** openDialog opens a dialog; there is one at a time. */
export const openDialog = (dialog: OpenDialog): void => dispatch({ type: 'place/dialog', dialog });
export const closeDialog = (): void => dispatch({ type: 'place/dialog' });
/** startEditing puts a post's text into an edit box where it stands. */
export const startEditing = (editing: NonNullable<PlaceState['editing']>): void =>
  dispatch({ type: 'place/editing', editing });
export const stopEditing = (): void => dispatch({ type: 'place/editing' });
/** bringForward chooses the pane that a phone shows. */
export const bringForward = (front: PlaceState['front']): void => dispatch({ type: 'place/front', front });
