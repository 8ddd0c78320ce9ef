/** The title of the page, the mark on its icon and on the installed app: where one is, and what is unread elsewhere. */
import type { Translate } from '@/i18n/text';
import { allMentions, channelLabel, siteName } from '@/store/selectors';
import { getState, type State, store } from '@/store/store';
import { drawFavicon } from './favicon';

function placeOf(state: State, t: Translate): string {
  const { view, channelId } = state.place;
  if (view === 'threads') return t('notify.title.threads');
  if (view === 'drafts' || view === 'scheduled') return t('notify.title.drafts');
  const channel = view === 'channel' ? state.channels.channels[channelId] : undefined;
  return channel ? channelLabel(state, channel) : '';
}

/** pageTitle is the title of the page, such as `(3) Town Square – Engine · Parley`; a dot says that something is unread. */
export function pageTitle(state: State, t: Translate, unread: { unread: boolean; mentions: number }): string {
  const place = placeOf(state, t);
  const team = state.teams.teams[state.place.teamId]?.display_name;
  const where = [place, team].filter(Boolean).join(' – ');
  const whole = where ? `${where} · ${siteName(state)}` : siteName(state);
  if (unread.mentions > 0) return `(${unread.mentions > 99 ? '99+' : unread.mentions}) ${whole}`;
  return unread.unread ? `• ${whole}` : whole;
}

type Badging = { setAppBadge?: (count?: number) => Promise<void>; clearAppBadge?: () => Promise<void> };

/** The browser may refuse a badge, such as for a page that isn't installed; nothing depends on it. */
function badge(mentions: number): void {
  const { setAppBadge, clearAppBadge } = navigator as Navigator & Badging;
  const done = mentions > 0 ? setAppBadge?.call(navigator, mentions) : clearAppBadge?.call(navigator);
  done?.catch(() => undefined);
}

/** Changes come in storms; the eye needs only the last. */
const pause = 150;

/** watchTitle keeps title and marks up to date. It returns how to stop, and then they are as without anybody signed in. */
export function watchTitle(t: Translate): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let badged = -1;
  const draw = () => {
    timer = undefined;
    const state = getState();
    const unread = state.users.me ? allMentions(state) : { unread: false, mentions: 0 };
    const title = pageTitle(state, t, unread);
    if (document.title !== title) document.title = title;
    drawFavicon(unread.mentions > 0 ? unread.mentions : unread.unread ? 'dot' : 'plain');
    if (unread.mentions !== badged) badge(unread.mentions);
    badged = unread.mentions;
  };
  const stop = store.subscribe((state, before) => {
    const same =
      state.place === before.place &&
      state.channels === before.channels &&
      state.threads.totals === before.threads.totals &&
      state.preferences === before.preferences &&
      state.users === before.users &&
      state.teams === before.teams &&
      state.server === before.server;
    if (!same) timer ??= setTimeout(draw, pause);
  });
  draw();
  return () => {
    stop();
    clearTimeout(timer);
    document.title = siteName(getState());
    drawFavicon('plain');
    badge(0);
  };
}
