/** This browser's part in web push: whether it can be told while Parley is closed, and its subscription. */
import * as pushApi from '@/api/push';
import { askLeave } from './device';

/** canPush tells whether this browser knows web push, and Parley was installed as far as that needs it. */
export const canPush = (): boolean =>
  window.isSecureContext && 'serviceWorker' in navigator && 'PushManager' in window && import.meta.env.PROD;

/** Why it can't be turned on, as the end of a text's id. */
export type PushProblem = 'denied' | 'worker' | 'service';

/** PushError is a refusal of the browser, not of the server. */
export class PushError extends Error {
  constructor(readonly problem: PushProblem) {
    super(problem);
  }
}

async function manager(): Promise<PushManager> {
  const registration = await navigator.serviceWorker.getRegistration();
  if (!registration) throw new PushError('worker');
  return registration.pushManager;
}

/** bytesOf decodes base64url. */
export function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

const same = (a: ArrayBuffer | null | undefined, b: Uint8Array): boolean =>
  a != null && a.byteLength === b.byteLength && new Uint8Array(a).every((byte, i) => byte === b[i]);

/** isSubscribed tells whether the browser itself still has its subscription. */
export async function isSubscribed(): Promise<boolean> {
  if (!canPush()) return false;
  try {
    return (await (await manager()).getSubscription()) !== null;
  } catch {
    return false;
  }
}

/** turnOn asks for the browser's leave, subscribes, and tells the server. */
export async function turnOn(): Promise<void> {
  if ((await askLeave()) !== 'granted') throw new PushError('denied');
  const push = await manager();
  const { public_key } = await pushApi.getPushKey();
  const key = bytesOf(public_key);
  let subscription = await push.getSubscription();
  // One that was made for another server's key would never be heard.
  if (subscription && !same(subscription.options.applicationServerKey, key)) {
    await subscription.unsubscribe();
    subscription = null;
  }
  try {
    subscription ??= await push.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  } catch {
    throw new PushError('service');
  }
  await pushApi.addPushDevice(subscription.toJSON(), browserName(navigator.userAgent));
}

/** turnOff takes a device out; of this browser the subscription ends too. */
export async function turnOff(device: pushApi.PushDevice): Promise<void> {
  await pushApi.removePushDevice(device.id);
  if (!device.here) return;
  const subscription = await manager().then(
    (push) => push.getSubscription(),
    () => null,
  );
  await subscription?.unsubscribe();
}

const browsers: [RegExp, string][] = [
  [/Edg/, 'Edge'],
  [/OPR\//, 'Opera'],
  [/Firefox\/|FxiOS/, 'Firefox'],
  [/Chrom|CriOS/, 'Chrome'],
  [/Safari\//, 'Safari'],
];
const systems: [RegExp, string][] = [
  [/Android/, 'Android'],
  [/iPhone|iPad/, 'iOS'],
  [/Windows/, 'Windows'],
  [/Mac OS/, 'macOS'],
  [/CrOS/, 'ChromeOS'],
  [/Linux/, 'Linux'],
];

/** browserName names a browser for the list of devices, such as "Firefox · Linux". */
export function browserName(agent: string): string {
  const find = (list: [RegExp, string][]) => list.find(([pattern]) => pattern.test(agent))?.[1];
  return [find(browsers), find(systems)].filter(Boolean).join(' · ');
}
