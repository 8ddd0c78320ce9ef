/** The centre: a channel, the threads of a team, or drafts. */
import { lazy, Suspense } from 'react';
import { ChannelHeader } from '@/features/channels/ChannelHeader';
import { Composer } from '@/features/composer/Composer';
import { focusComposer } from '@/features/composer/focus';
import '@/features/composer/EditBox';
import { ChannelView } from '@/features/messages/ChannelView';
import { provideBoxFocus } from '@/features/messages/slots';
import { welcomeDue } from '@/features/welcome/due';
import { useApp } from '@/store/store';

provideBoxFocus(focusComposer);

const ThreadsView = lazy(() =>
  import('@/features/threads/ThreadsView').then((module) => ({ default: module.ThreadsView })),
);
const DraftsView = lazy(() =>
  import('@/features/drafts/DraftsView').then((module) => ({ default: module.DraftsView })),
);

const WelcomeCard = lazy(() =>
  import('@/features/welcome/WelcomeCard').then((module) => ({ default: module.WelcomeCard })),
);

/** Welcome loads the welcome for newcomers only. */
function Welcome({ channelId }: { channelId: string }) {
  const due = useApp((state) => welcomeDue(state, channelId));
  if (!due) return null;
  return (
    <Suspense fallback={null}>
      <WelcomeCard channelId={channelId} />
    </Suspense>
  );
}

export function Centre() {
  const view = useApp((state) => state.place.view);
  const channelId = useApp((state) => state.place.channelId);
  if (view === 'threads' || view === 'drafts') {
    return <Suspense fallback={null}>{view === 'threads' ? <ThreadsView /> : <DraftsView />}</Suspense>;
  }
  if (view !== 'channel') return null;
  return (
    <ChannelView
      channelId={channelId}
      header={<ChannelHeader channelId={channelId} />}
      banner={<Welcome channelId={channelId} />}
      composer={<Composer channelId={channelId} />}
    />
  );
}
