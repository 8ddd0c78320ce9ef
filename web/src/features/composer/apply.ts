/** Makes changes in a text field through the browser's own editing, so that undo knows them. */
import type { Change, Selected } from './editing';

/** selectedIn reads a field. */
export function selectedIn(field: HTMLTextAreaElement): Selected {
  return { text: field.value, start: field.selectionStart, end: field.selectionEnd };
}

/** applyChange edits a field as if it had been typed; the field tells of it by an input event. */
export function applyChange(field: HTMLTextAreaElement, change: Change): void {
  field.focus();
  field.setSelectionRange(change.start, change.end);
  const command = change.insert === '' ? 'delete' : 'insertText';
  const nothing = change.insert === '' && change.start === change.end;
  if (!nothing && !document.execCommand?.(command, false, change.insert)) {
    // Without the command the change is made all the same, and undo forgets it.
    field.setRangeText(change.insert, change.start, change.end, 'end');
    field.dispatchEvent(new Event('input', { bubbles: true }));
  }
  field.setSelectionRange(change.selectStart, change.selectEnd);
}
