/** Makes changes in a text field through the browser's own editing, so that undo knows them. */
import { applied, type Change, type Selected } from './editing';

/** selectedIn reads a field. */
export function selectedIn(field: HTMLTextAreaElement): Selected {
  return { text: field.value, start: field.selectionStart, end: field.selectionEnd };
}

function applyWithoutUndo(field: HTMLTextAreaElement, change: Change): void {
  // The setter of all fields: that of this one is watched by React, which would take the change for its own.
  const setter = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value')?.set;
  setter?.call(field, applied(field.value, change).text);
  field.setSelectionRange(change.selectStart, change.selectEnd);
  field.dispatchEvent(new Event('input', { bubbles: true }));
}

/**
 * applyChange edits a field as if it had been typed; the field tells of it by an input event. With `elsewhere` the focus
 * stays where it is, which costs the undo of this change.
 */
export function applyChange(field: HTMLTextAreaElement, change: Change, elsewhere = false): void {
  if (elsewhere) {
    applyWithoutUndo(field, change);
    return;
  }
  field.focus();
  field.setSelectionRange(change.start, change.end);
  const command = change.insert === '' ? 'delete' : 'insertText';
  const nothing = change.insert === '' && change.start === change.end;
  if (!nothing && !document.execCommand?.(command, false, change.insert)) {
    // Without the command the change is made all the same, and undo forgets it.
    applyWithoutUndo(field, change);
  }
  field.setSelectionRange(change.selectStart, change.selectEnd);
}
