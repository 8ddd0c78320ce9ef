/** The session of the client: start, sign-out, and what both leave behind. */
import { navigate } from 'wouter/use-browser-location';
import { ApiError, onSignedOut, setNetworkWords } from '@/api/http';
import { firstPage } from '@/features/signin/actions';
import { isSigninPath } from '@/features/signin/paths';
import { refusals, withTarget } from '@/features/signin/target';
import { bestLocale } from '@/i18n/locale';
import { endLive, goLive } from '@/realtime/live';
import * as load from '@/realtime/load';
import { loadSession } from '@/realtime/session';
import { dispatch, getState } from '@/store/store';
import { likelySignedIn } from './frame';

/** Shown before the catalogue is there, or when the server can't be reached at all. */
const networkWords = {
  en: {
    network: 'The server can’t be reached. Check your connection, then try again.',
    answer: 'The server’s answer made no sense. Try again in a moment.',
  },
  fr: {
    network: 'Le serveur est injoignable. Vérifiez votre connexion, puis réessayez.',
    answer: 'La réponse du serveur est incompréhensible. Réessayez dans un instant.',
  },
};

let begun: Promise<boolean> | undefined;

/** startEarly begins while the page itself is still on its way; the first `start` goes on with it. */
export function startEarly(): void {
  begun = run();
  // What fails is said by `start`.
  begun.catch(() => undefined);
}

/**
 * start loads the settings and, when there is a session, what its person needs, and goes live. It resolves to
 * whether somebody is signed in and fails with an `ApiError` when the server can't be reached.
 */
export function start(): Promise<boolean> {
  const going = begun ?? run();
  begun = undefined;
  return going;
}

/** expired leads to the sign-in page, which says why, and back from there. */
function expired(): void {
  const { pathname, search } = window.location;
  if (isSigninPath(pathname, false)) return;
  navigate(withTarget('/login', pathname + search, { extra: 'expired' }), { replace: true });
}

async function run(): Promise<boolean> {
  setNetworkWords((key) => networkWords[bestLocale([document.documentElement.lang, ...navigator.languages])][key]);
  onSignedOut(() => {
    if (!getState().users.me) return;
    leave();
    expired();
  });
  const began = Date.now();
  try {
    await loadSession(!likelySignedIn());
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.id === refusals.mfaWanted) {
      const { pathname, search } = window.location;
      if (pathname !== '/mfa/setup') navigate(withTarget('/mfa/setup', pathname + search), { replace: true });
    } else if (error.status !== 401) throw error;
    else if (likelySignedIn()) expired();
    await load.loadConfig();
    dispatch({ type: 'server/ready' });
    return false;
  }
  goLive(began);
  const here = window.location.pathname + window.location.search;
  const first = await firstPage(here);
  if (first !== here) navigate(first, { replace: true });
  dispatch({ type: 'server/ready' });
  return true;
}

/** Signing out by oneself leads to the sign-in page, with nothing to come back to. */
export { signOut } from '@/features/signin/actions';

/** leave forgets the person, after the session has ended. */
export function leave(): void {
  endLive();
  dispatch({ type: 'signed-out' }, { type: 'server/ready' });
}
