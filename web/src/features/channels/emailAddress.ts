/** The mail address of a channel that one looks at. */
import { useCallback, useEffect, useState } from 'react';
import * as api from '@/api/emailAddress';
import { onFrame } from '@/realtime/live';

/**
 * useEmailAddress asks for the address of a channel, and again when it has changed. It returns undefined until it is
 * known and when one may not know it, and how to take an answer for the new state.
 */
export function useEmailAddress(
  channelId: string,
  asks = true,
): [api.EmailAddress | undefined, (next: api.EmailAddress) => void] {
  const [known, setKnown] = useState<{ channelId: string; state: api.EmailAddress }>();
  const take = useCallback((state: api.EmailAddress) => setKnown({ channelId, state }), [channelId]);
  useEffect(() => {
    if (!asks) return;
    let gone = false;
    const ask = () =>
      void api.getEmailAddress(channelId).then(
        (state) => gone || take(state),
        () => undefined, // who may not know it is shown nothing
      );
    ask();
    const stop = onFrame((frame) => {
      if (frame.event === 'parley_email_address_changed' && frame.data.channel_id === channelId) ask();
    });
    return () => {
      gone = true;
      stop();
    };
  }, [channelId, asks, take]);
  return [known?.channelId === channelId ? known.state : undefined, take];
}
