/** The centre: a channel, the threads of a team, or drafts. */
import { ChannelHeader } from '@/features/channels/ChannelHeader';
import { Composer } from '@/features/composer/Composer';
import { focusComposer } from '@/features/composer/focus';
import '@/features/composer/EditBox';
import { ChannelView } from '@/features/messages/ChannelView';
import { provideBoxFocus } from '@/features/messages/slots';
import { welcomeDue } from '@/features/welcome/due';
import { bookmarksIn } from '@/store/bookmarks';
import { type State, useApp } from '@/store/store';
import { Later, late } from '@/ui/late';
import { useQuiet } from '@/ui/quiet';

provideBoxFocus(focusComposer);

const ThreadsView = late(() => import('@/features/threads/ThreadsView').then((module) => module.ThreadsView));
const DraftsView = late(() => import('@/features/drafts/DraftsView').then((module) => module.DraftsView));

const BookmarksBar = late(
  () => import('@/features/channels/BookmarksBar').then((module) => module.BookmarksBar),
  'soon',
);

const BannerBar = late(() => import('@/features/channels/BannerBar').then((module) => module.BannerBar));

const WelcomeCard = late(() => import('@/features/welcome/WelcomeCard').then((module) => module.WelcomeCard));

function isBannerShown(state: State, channelId: string): boolean {
  const banner = state.channels.channels[channelId]?.banner_info;
  return banner?.enabled === true && (banner.text ?? '').trim() !== '';
}

/** Welcome loads the welcome for newcomers only. */
function Welcome({ channelId }: { channelId: string }) {
  const due = useApp((state) => welcomeDue(state, channelId));
  const quiet = useQuiet();
  return due && quiet ? <WelcomeCard channelId={channelId} /> : null;
}

export function Centre() {
  const view = useApp((state) => state.place.view);
  const channelId = useApp((state) => state.place.channelId);
  const marked = useApp((state) => bookmarksIn(state, channelId).length > 0);
  const banner = useApp((state) => isBannerShown(state, channelId));
  if (view === 'threads' || view === 'drafts' || view === 'scheduled') {
    return (
      <Later key={view === 'threads' ? view : 'drafts'} view>
        {view === 'threads' ? <ThreadsView /> : <DraftsView />}
      </Later>
    );
  }
  if (view !== 'channel') return null;
  return (
    <ChannelView
      channelId={channelId}
      header={
        <>
          <ChannelHeader channelId={channelId} />
          {marked && <BookmarksBar channelId={channelId} />}
          {banner && <BannerBar channelId={channelId} />}
        </>
      }
      banner={<Welcome channelId={channelId} />}
      composer={<Composer channelId={channelId} />}
    />
  );
}
