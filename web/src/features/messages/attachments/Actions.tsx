import { type CSSProperties, useMemo, useState } from 'react';
import * as api from '@/api/actions';
import { useText } from '@/i18n/text';
import { triggering } from '@/realtime/triggers';
import type { StoredPost } from '@/store/post';
import { Button } from '@/ui/Button';
import { cx } from '@/ui/cx';
import { FormError } from '@/ui/FormError';
import { Tooltip } from '@/ui/Tooltip';
import styles from './Actions.module.css';
import { type Action, actionsOf } from './actions';
import { MenuAction } from './MenuAction';

/**
 * Actions are the buttons and menus of an attachment. One at a time is asked for; what comes of it arrives as a changed
 * message, a private answer or a dialog, and what went wrong is said below.
 */
export function Actions({ post, list }: { post: StoredPost; list: readonly unknown[] }) {
  const t = useText();
  const actions = useMemo(() => actionsOf(list), [list]);
  const [asked, setAsked] = useState('');
  const [error, setError] = useState<unknown>(null);
  const use = async (action: Action, option?: string): Promise<boolean> => {
    if (asked) return false;
    setAsked(action.id);
    setError(null);
    const { id: actionId, cookie } = action;
    try {
      const using = api.act({ postId: post.id, actionId, cookie, ...(option !== undefined && { option }) });
      await triggering(post.channel_id, using);
      return true;
    } catch (reason) {
      setError(reason);
      return false;
    } finally {
      setAsked('');
    }
  };
  if (actions.length === 0) return null;
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset belongs to a form, and these act one by one */}
      <div className={styles.actions} role="group" aria-label={t('messages.actions')}>
        {actions.map((action) =>
          action.kind === 'button' ? (
            <ButtonAction
              key={action.id}
              action={action}
              busy={asked === action.id}
              waits={asked !== ''}
              onUse={() => void use(action)}
            />
          ) : (
            <MenuAction
              key={`${action.id} ${action.chosen}`}
              action={action}
              channelId={post.channel_id}
              busy={asked === action.id}
              waits={asked !== ''}
              onChoose={(option) => use(action, option)}
            />
          ),
        )}
      </div>
      <FormError error={error} />
    </>
  );
}

export interface UseState {
  /** It was used, and its program is asked. */
  busy: boolean;
  /** One of its neighbours is. */
  waits: boolean;
}

type ButtonProps = UseState & { action: Extract<Action, { kind: 'button' }>; onUse: () => void };

function ButtonAction({ action, busy, waits, onUse }: ButtonProps) {
  const { style, tooltip } = action;
  const own = style.startsWith('#') ? ({ '--own': style } as CSSProperties) : undefined;
  const button = (
    <Button
      kind={style === 'primary' ? 'primary' : 'quiet'}
      className={cx(styles.button, own && styles.tinted, !own && styles[style])}
      style={own}
      busy={busy}
      disabled={action.disabled}
      aria-disabled={waits || undefined}
      onClick={onUse}
    >
      {action.name}
    </Button>
  );
  if (!tooltip) return button;
  // A disabled button hears no pointer: what stands around it tells why it is disabled.
  return (
    <Tooltip text={tooltip} describes={!action.disabled}>
      {action.disabled ? <span title={tooltip}>{button}</span> : button}
    </Tooltip>
  );
}
