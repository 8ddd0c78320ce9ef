/** What opens above messages; it stands once in the page. */
import { Fragment, useEffect } from 'react';
import { useStore } from 'zustand';
import { EmojiPopover } from '@/features/emoji/EmojiPopover';
import { useText } from '@/i18n/text';
import { useAppShallow } from '@/store/store';
import { AnchoredMenu, MenuItem, MenuSeparator } from '@/ui/Menu';
import { ActIcon } from './ActIcon';
import { attempt, setReaction } from './actions';
import { actKeys, actLabels, availableActs, perform, startsGroup } from './acts';
import { closeMenu, closePicker, hideTip, layers, type Spot } from './layers';
import { MessageSheet } from './MessageSheet';
import { Tip } from './Tip';

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
      {menu && <MessageMenu spot={menu} anchor={menu.anchor} />}
      {sheet && <MessageSheet spot={sheet} />}
      {tip && <Tip anchor={tip.anchor} text={tip.text} />}
    </>
  );
}

function MessageMenu({ spot, anchor }: { spot: Spot; anchor: HTMLElement }) {
  const t = useText();
  const acts = useAppShallow((state) => availableActs(state, spot));
  return (
    <AnchoredMenu anchor={anchor} label={t('messages.acts')} placement="bottom-end" onClose={closeMenu}>
      {acts.map((id, index) => (
        <Fragment key={id}>
          {startsGroup(acts, index) && <MenuSeparator />}
          <MenuItem
            icon={<ActIcon id={id} />}
            shortcut={actKeys[id]}
            danger={id === 'delete'}
            onSelect={() => perform(id, spot, t, anchor)}
          >
            {t(actLabels[id])}
          </MenuItem>
        </Fragment>
      ))}
    </AnchoredMenu>
  );
}
