import { SmilePlus, X } from 'lucide-react';
import { useState } from 'react';
import { customEmojiUrl } from '@/features/emoji/custom';
import { EmojiPopover } from '@/features/emoji/EmojiPopover';
import { noteEmoji } from '@/features/emoji/recent';
import { Text, type TextId, useText } from '@/i18n/text';
import { Emoji } from '@/markdown/Emoji';
import { closeDialog } from '@/store/commands';
import {
  type CustomStatus,
  customStatusOf,
  defaultStatusEmoji,
  recentStatuses,
  statusTextMost,
} from '@/store/customStatus';
import { myProfile } from '@/store/selectors';
import { getState, useApp, useAppShallow } from '@/store/store';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Form } from '@/ui/Form';
import { errorText } from '@/ui/FormError';
import { IconButton } from '@/ui/IconButton';
import { Select } from '@/ui/Select';
import { TextField } from '@/ui/TextField';
import { toast } from '@/ui/toast';
import { clearStatus, forgetStatus, showStatus } from './actions';
import styles from './CustomStatusDialog.module.css';
import { useClock } from './clock';
import dialogs from './Dialogs.module.css';
import { momentOf, nextHalfHour, type StatusSpan, statusEnd, statusSpans, type WhenText, whenText } from './times';
import { WhenFields } from './WhenFields';

type Editing = { emoji: string; text: string; span: StatusSpan; when: WhenText };

/** What is suggested to whoever hasn't shown much yet. */
const suggestions: readonly { emoji: string; text: TextId; span: StatusSpan }[] = [
  { emoji: 'calendar', text: 'people.suggest.meeting', span: 'one_hour' },
  { emoji: 'hamburger', text: 'people.suggest.lunch', span: 'thirty_minutes' },
  { emoji: 'dart', text: 'people.suggest.focus', span: 'four_hours' },
  { emoji: 'house', text: 'people.suggest.home', span: 'today' },
  { emoji: 'sneezing_face', text: 'people.suggest.ill', span: 'today' },
  { emoji: 'palm_tree', text: 'people.suggest.leave', span: '' },
];

const isSpan = (text: string): text is StatusSpan => statusSpans.some((span) => span === text);

function editingOf(status: CustomStatus | undefined): Editing {
  const end = status?.expiresAt ? status.expiresAt : nextHalfHour(Date.now());
  // An end that was set as "in an hour" is by now a time of day.
  const span: StatusSpan = !status ? 'today' : status.expiresAt ? 'date_and_time' : '';
  return { emoji: status?.emoji ?? '', text: status?.text ?? '', span, when: whenText(end) };
}

/** CustomStatusDialog sets the emoji and the words that stand beside one's name, and until when. */
export function CustomStatusDialog() {
  const t = useText();
  const before = useApp((state) => customStatusOf(myProfile(state)));
  const [now, setNow] = useState<Editing>(() => editingOf(customStatusOf(myProfile(getState()))));
  const [error, setError] = useState<string>();
  const change = (next: Partial<Editing>) => {
    setNow({ ...now, ...next });
    setError(undefined);
  };
  const empty = now.emoji === '' && now.text.trim() === '';
  const send = async () => {
    if (empty) await clearStatus();
    else {
      const expiresAt = statusEnd(now.span, Date.now(), momentOf(now.when) ?? 0);
      if (now.span !== '' && expiresAt <= Date.now()) return setError(t('people.when.past'));
      await showStatus({
        emoji: now.emoji || defaultStatusEmoji,
        text: now.text.trim(),
        duration: now.span,
        expiresAt,
      });
    }
    closeDialog();
  };
  const clear = async () => {
    try {
      await clearStatus();
      closeDialog();
    } catch (reason) {
      toast(errorText(reason));
    }
  };
  return (
    <Dialog open onClose={closeDialog} title={t('people.status.title')} size="s">
      <Form onSubmit={send} className={dialogs.form}>
        <Says now={now} change={change} />
        {empty ? <Offers onPick={change} /> : <Until now={now} change={change} error={error} />}
        <div className={dialogs.buttons}>
          {before && (
            <Button kind="plain" className={dialogs.left} onClick={() => void clear()}>
              <Text id="people.status.clear" />
            </Button>
          )}
          <Button onClick={closeDialog}>{t('ui.cancel')}</Button>
          <Button type="submit" kind="primary" disabled={empty && !before}>
            <Text id="people.status.submit" />
          </Button>
        </div>
      </Form>
    </Dialog>
  );
}

type Part = { now: Editing; change: (next: Partial<Editing>) => void };

/** The field with the emoji before the words. */
function Says({ now, change }: Part) {
  const t = useText();
  const [picking, setPicking] = useState(false);
  const pick = (emoji: string) => {
    noteEmoji(emoji);
    change({ emoji });
  };
  const icon = now.emoji ? <Emoji name={now.emoji} url={customEmojiUrl(now.emoji)} decorative /> : <SmilePlus />;
  return (
    <div className={styles.says}>
      <EmojiPopover
        open={picking}
        onOpenChange={setPicking}
        onPick={pick}
        placement="bottom-start"
        trigger={<IconButton className={styles.emoji} label={t('people.status.emoji')} icon={icon} />}
      />
      <TextField
        hideLabel
        focusFirst
        className={styles.text}
        label={t('people.status.text')}
        placeholder={t('people.status.placeholder')}
        maxLength={statusTextMost}
        value={now.text}
        onChange={(text) => change({ text, ...(text && !now.emoji && { emoji: defaultStatusEmoji }) })}
        suffix={
          now.text || now.emoji ? (
            <IconButton
              size="s"
              label={t('people.status.empty')}
              icon={<X size={16} />}
              onClick={() => change({ text: '', emoji: '' })}
            />
          ) : undefined
        }
      />
    </div>
  );
}

function Until({ now, change, error }: Part & { error: string | undefined }) {
  const t = useText();
  const clock = useClock();
  const end = now.span === 'date_and_time' ? 0 : statusEnd(now.span, Date.now());
  return (
    <>
      <Select
        label={t('people.status.end')}
        value={now.span}
        options={statusSpans.map((span) => ({ value: span, label: t(`people.span.${span || 'never'}`) }))}
        onChange={(span) => change({ span })}
        hint={end > 0 ? t('people.status.ends', { when: clock.near(end) }) : undefined}
      />
      {now.span === 'date_and_time' && (
        <WhenFields value={now.when} onChange={(when) => change({ when })} error={error} />
      )}
    </>
  );
}

/** What one showed lately, and what others show: one press fills the form. */
function Offers({ onPick }: { onPick: Part['change'] }) {
  const t = useText();
  const recent = useAppShallow(recentStatuses);
  const known = new Set(recent.map((one) => `${one.emoji} ${one.text}`));
  const offers = suggestions
    .map((one) => ({ ...one, text: t(one.text) }))
    .filter((one) => !known.has(`${one.emoji} ${one.text}`));
  const forget = async (status: CustomStatus) => {
    try {
      await forgetStatus(status);
    } catch (error) {
      toast(errorText(error));
    }
  };
  return (
    <>
      {recent.length > 0 && (
        <section>
          <h2 className={styles.heading}>{t('people.status.recent')}</h2>
          <ul>
            {recent.map((one) => (
              <li key={`${one.emoji} ${one.text} ${one.duration}`} className={styles.row}>
                <Offer
                  emoji={one.emoji}
                  text={one.text}
                  span={isSpan(one.duration) && one.duration !== 'date_and_time' ? one.duration : ''}
                  onPick={onPick}
                />
                <IconButton
                  size="s"
                  className={styles.forget}
                  label={t('people.status.forget', { words: one.text || `:${one.emoji}:` })}
                  icon={<X size={16} />}
                  onClick={() => void forget(one)}
                />
              </li>
            ))}
          </ul>
        </section>
      )}
      <section>
        <h2 className={styles.heading}>{t('people.status.suggested')}</h2>
        <ul>
          {offers.map((one) => (
            <li key={one.text} className={styles.row}>
              <Offer {...one} onPick={onPick} />
            </li>
          ))}
        </ul>
      </section>
    </>
  );
}

type OfferProps = { emoji: string; text: string; span: StatusSpan; onPick: Part['change'] };

function Offer({ emoji, text, span, onPick }: OfferProps) {
  const t = useText();
  return (
    <button type="button" className={styles.offer} onClick={() => onPick({ emoji, text, span })}>
      <span className={styles.glyph}>
        <Emoji name={emoji} url={customEmojiUrl(emoji)} fallback="" decorative={text !== ''} />
      </span>
      <span className={styles.words} dir="auto">
        {text}
      </span>
      <span className={styles.span}>{t(`people.span.${span || 'never'}`)}</span>
    </button>
  );
}
