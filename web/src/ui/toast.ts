/** Short notices that come and go by themselves. */
import { createStore } from 'zustand/vanilla';

export interface Toast {
  id: number;
  text: string;
  action?: { label: string; onSelect: () => void };
  /** Milliseconds until it goes. */
  stay: number;
}

export type ToastMessage = string | { text: string; action?: Toast['action'] };

/** What is shown now, the oldest first. */
export const toasts = createStore<readonly Toast[]>(() => []);

const most = 3;
let last = 0;

/** toast shows a notice and returns its id. The same words again don't pile up. */
export function toast(message: ToastMessage): number {
  const { text, action } = typeof message === 'string' ? { text: message, action: undefined } : message;
  last += 1;
  // Enough time to read: longer for long words, longer still when there is something to press.
  const stay = Math.min(12_000, 3_000 + text.length * 55 + (action ? 3_000 : 0));
  const kept = toasts.getState().filter((other) => other.text !== text);
  toasts.setState([...kept, { id: last, text, action, stay }].slice(-most), true);
  return last;
}

/** dismissToast takes a notice away. */
export function dismissToast(id: number): void {
  toasts.setState(
    toasts.getState().filter((one) => one.id !== id),
    true,
  );
}
