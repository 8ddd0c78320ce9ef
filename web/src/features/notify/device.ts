/** What notifications may do on this device alone: the browser's leave, and whether they show what was written. */

const hideKey = 'parley.notify.hide';

/** Leave is what the browser allows: it has none where the page isn't secure. */
export type Leave = NotificationPermission | 'unsupported';

/** leave tells what the browser allows. */
export const leave = (): Leave =>
  typeof Notification === 'undefined' || !window.isSecureContext ? 'unsupported' : Notification.permission;

/** askLeave asks the person, by the browser's own question; it may be asked once. */
export async function askLeave(): Promise<Leave> {
  if (leave() === 'default') await Notification.requestPermission();
  return leave();
}

/** hidesText tells whether notifications on this device keep to themselves what was written. */
export function hidesText(): boolean {
  try {
    return localStorage.getItem(hideKey) === 'true';
  } catch {
    return false;
  }
}

/** The service worker can't read what pages keep by themselves: it looks here (`src/sw/`). */
async function tellWorker(hides: boolean): Promise<void> {
  const cache = await caches.open('parley-device');
  if (hides) await cache.put('/hides-text', new Response());
  else await cache.delete('/hides-text');
}

/** setHidesText chooses it. */
export function setHidesText(hides: boolean): void {
  if (typeof caches !== 'undefined') void tellWorker(hides).catch(() => undefined);
  try {
    if (hides) localStorage.setItem(hideKey, 'true');
    else localStorage.removeItem(hideKey);
  } catch {
    // Without storage they show it, as everywhere.
  }
}
