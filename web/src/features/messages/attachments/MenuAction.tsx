import * as Aria from '@ariakit/react/combobox';
import { Check, ChevronDown } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useText } from '@/i18n/text';
import { workTeam } from '@/store/selectors';
import { useApp } from '@/store/store';
import { Avatar } from '@/ui/Avatar';
import { Button } from '@/ui/Button';
import { Popover } from '@/ui/Popover';
import type { UseState } from './Actions';
import styles from './Actions.module.css';
import type { Action } from './actions';
import { type Offers, useChannelOffers, useGivenOffers, useNameOf, usePeopleOffers } from './offers';

type Menu = Extract<Action, { kind: 'menu' }>;
/** Tells whether it was done. */
type Choose = (value: string) => Promise<boolean>;

export type MenuActionProps = UseState & { action: Menu; channelId: string; onChoose: Choose };

/**
 * MenuAction is a button that opens a list to choose from. Choosing acts at once, so arrow keys only move, and Enter
 * chooses.
 */
export function MenuAction({ action, channelId, busy, waits, onChoose }: MenuActionProps) {
  const [open, setOpen] = useState(false);
  const [last, setLast] = useState<string>();
  const chosen = last ?? action.chosen;
  const name = useNameOf(action.source, chosen);
  const words = action.options.find((one) => one.value === chosen)?.label ?? name;
  const choose = async (value: string) => {
    setOpen(false);
    setLast(value);
    if (!(await onChoose(value))) setLast(last);
  };
  const button = (
    <Button
      className={styles.menu}
      busy={busy}
      disabled={action.disabled}
      aria-disabled={waits || undefined}
      aria-label={words ? `${action.name}: ${words}` : action.name}
      aria-description={action.tooltip || undefined}
      title={action.tooltip || undefined}
    >
      <span className={styles.chosen}>{words || action.name}</span>
      <ChevronDown size={16} aria-hidden="true" />
    </Button>
  );
  return (
    <Popover
      trigger={button}
      label={action.name}
      open={open}
      onOpenChange={(next) => setOpen(next && !waits)}
      placement="bottom-start"
      bare
    >
      <Picker action={action} channelId={channelId} chosen={chosen} onChoose={(value) => void choose(value)} />
    </Popover>
  );
}

type PickerProps = { action: Menu; channelId: string; chosen: string; onChoose: (value: string) => void };

function Picker(props: PickerProps) {
  if (props.action.source === 'users') return <PeoplePicker {...props} />;
  return props.action.source === 'channels' ? <ChannelPicker {...props} /> : <GivenPicker {...props} />;
}

const PeoplePicker = (props: PickerProps) => <List {...props} offers={usePeopleOffers()} />;

function ChannelPicker(props: PickerProps) {
  const teamId = useApp((state) => workTeam(state, props.channelId));
  return <List {...props} offers={useChannelOffers(teamId)} />;
}

function GivenPicker(props: PickerProps) {
  const { options } = props.action;
  const all = useMemo(() => options.map((one) => ({ id: one.value, label: one.label })), [options]);
  return <List {...props} offers={useGivenOffers(all)} />;
}

function List({ action, chosen, onChoose, offers }: PickerProps & { offers: Offers }) {
  const t = useText();
  const { options, loading, look } = offers;
  return (
    <div className={styles.picker}>
      <Aria.ComboboxProvider open setValue={look} resetValueOnSelect={false} resetValueOnHide={false}>
        <Aria.Combobox
          className={styles.search}
          placeholder={t('messages.actions.search')}
          aria-label={action.name}
          autoFocus
          autoSelect="always"
        />
        <Aria.ComboboxList className={styles.list} alwaysVisible aria-label={action.name} aria-busy={loading}>
          {options.map((one) => (
            <Aria.ComboboxItem
              key={one.id}
              className={styles.option}
              setValueOnClick={false}
              hideOnClick={false}
              focusOnHover
              onClick={() => onChoose(one.id)}
            >
              {one.image !== undefined && <Avatar name={one.label} src={one.image} size={24} />}
              <span className={styles.name}>{one.label}</span>
              {one.hint && <span className={styles.hint}>{one.hint}</span>}
              {one.id === chosen && <Check size={16} aria-label={t('messages.actions.chosen')} />}
            </Aria.ComboboxItem>
          ))}
        </Aria.ComboboxList>
        {options.length === 0 && (
          <p className={styles.none} role="status">
            {t(loading ? 'ui.picker.loading' : 'ui.picker.none')}
          </p>
        )}
      </Aria.ComboboxProvider>
    </div>
  );
}
