/** The frame around channels: the page of somebody who is signed in. It is fetched while the server is asked. */
import { earlyModule } from '@/ui/late';

/** frame is its module. */
export const frame = earlyModule(() => import('./Frame'));

/** Whether somebody is probably signed in: the server's cookie names whom, for the client to read. */
export const likelySignedIn = (): boolean => /(?:^|; )MMUSERID=\w/.test(document.cookie);
