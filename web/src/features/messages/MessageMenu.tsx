import { Blocks } from 'lucide-react';
import { Fragment } from 'react';
import { useText } from '@/i18n/text';
import { useAppShallow } from '@/store/store';
import { AnchoredMenu, MenuItem, MenuSeparator, SubMenu } from '@/ui/Menu';
import { ActIcon } from './ActIcon';
import { actKeys, actLabels, availableActs, perform, startsGroup } from './acts';
import { closeMenu, type Spot } from './layers';
import { nameOf, runOffered, useOffered } from './offered';

/** MessageMenu is all that can be done with a message, beside the button or the row that it was called from. */
export function MessageMenu({ spot, anchor }: { spot: Spot; anchor: HTMLElement }) {
  const t = useText();
  const acts = useAppShallow((state) => availableActs(state, spot));
  const offered = useOffered(spot);
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
      {offered.length > 0 && (
        // At the end: what comes from the server after the menu has opened moves nothing that stands there.
        <>
          <MenuSeparator />
          <SubMenu label={t('messages.acts.more')} icon={<Blocks aria-hidden="true" />}>
            {offered.map((command) => (
              <MenuItem key={command.id} onSelect={() => void runOffered(command, spot)}>
                {nameOf(command)}
              </MenuItem>
            ))}
          </SubMenu>
        </>
      )}
    </AnchoredMenu>
  );
}
