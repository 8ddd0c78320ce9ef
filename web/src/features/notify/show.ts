/** Shows notifications with the browser's own, one a channel, and takes them back once they are read. */
import { leave } from './device';

/** Notice is one notification. `path` is where a click leads; the same `tag` replaces what stands. */
export type Notice = { title: string; body: string; tag: string; path: string; icon: string; silent: boolean };

const shown = new Map<string, Notification>();

async function byWorker(notice: Notice, options: NotificationOptions): Promise<void> {
  const registration = await navigator.serviceWorker?.getRegistration();
  await registration?.showNotification(notice.title, { ...options, data: { path: notice.path } });
}

/** showNotice shows one. It never fails: without the browser's leave nothing happens. */
export async function showNotice(notice: Notice, open: (path: string) => void): Promise<void> {
  if (leave() !== 'granted') return;
  const { title, body, tag, icon, silent, path } = notice;
  const options: NotificationOptions & { renotify: boolean } = { body, tag, icon, silent, renotify: true };
  try {
    const one = new Notification(title, options);
    one.onclick = () => {
      one.close();
      window.focus();
      open(path);
    };
    one.onclose = () => {
      if (shown.get(tag) === one) shown.delete(tag);
    };
    shown.set(tag, one);
  } catch {
    // Phones let only the worker show them.
    await byWorker(notice, options).catch(() => undefined);
  }
}

/** shownTags lists the tags of what stands now. */
export const shownTags = (): string[] => [...shown.keys()];

/** takeBack removes one that was read meanwhile. */
export function takeBack(tag: string): void {
  shown.get(tag)?.close();
  shown.delete(tag);
}
