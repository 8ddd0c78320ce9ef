/** What opens above messages; it stands once in the page. */
import { useEffect } from 'react';
import { useStore } from 'zustand';
import { EmojiPopover } from '@/features/emoji/EmojiPopover';
import { useText } from '@/i18n/text';
import { Later, late } from '@/ui/late';
import { attempt, setReaction } from './actions';
import { closeMenu, closePicker, closeSheet, hideTip, layers } from './layers';
import { Tip } from './Tip';

const MessageMenu = late(() => import('./MessageMenu').then((module) => module.MessageMenu), 'soon');
const MessageSheet = late(() => import('./MessageSheet').then((module) => module.MessageSheet));

/** MessageLayers shows the open picker, menu, sheet and hint. */
export function MessageLayers() {
  const { picker, menu, sheet, tip } = useStore(layers);
  const t = useText();
  useEffect(() => {
    // A hint beside something that has moved away would point at nothing.
    window.addEventListener('scroll', hideTip, { capture: true, passive: true });
    return () => window.removeEventListener('scroll', hideTip, { capture: true });
  }, []);
  return (
    <>
      {picker && (
        <EmojiPopover
          anchor={picker.anchor}
          open
          onOpenChange={(open) => !open && closePicker()}
          onPick={(name) => void attempt(setReaction(picker.channelId, picker.postId, name, true))}
          label={t('messages.act.react')}
        />
      )}
      {menu && (
        <Later onFail={closeMenu}>
          <MessageMenu spot={menu} anchor={menu.anchor} />
        </Later>
      )}
      {sheet && (
        <Later onFail={closeSheet}>
          <MessageSheet spot={sheet} />
        </Later>
      )}
      {tip && <Tip anchor={tip.anchor} text={tip.text} />}
    </>
  );
}
