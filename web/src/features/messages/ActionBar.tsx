import { Ellipsis, MessageSquareReply, Pencil, SmilePlus, SquareArrowOutUpRight } from 'lucide-react';
import { type ReactNode, useMemo } from 'react';
import { useIntl } from 'react-intl';
import { customEmojiUrl } from '@/features/emoji/custom';
import { preloadEmojis } from '@/features/emoji/EmojiPopover';
import { noteEmoji, recentEmojis } from '@/features/emoji/recent';
import { useText } from '@/i18n/text';
import { Emoji } from '@/markdown/Emoji';
import { useApp, useAppShallow } from '@/store/store';
import { ariaShortcut, shortcutText } from '@/ui/keys';
import styles from './ActionBar.module.css';
import { attempt, setReaction } from './actions';
import { type ActId, actKeys, actLabels, availableActs, perform } from './acts';
import { hideTip, openMenu, type Spot, showTip } from './layers';
import { preloadOffered } from './offered';
import { useView } from './view';

/** The acts that stand in the bar itself; the menu has them all. */
const inBar: readonly ActId[] = ['react', 'reply', 'edit', 'jump'];

const icons: Partial<Record<ActId, ReactNode>> = {
  react: <SmilePlus />,
  reply: <MessageSquareReply />,
  edit: <Pencil />,
  jump: <SquareArrowOutUpRight />,
};

const usual = ['+1', 'heart', 'tada'];
const quickMost = 3;

/** ActionBar is what can be done with a message at once. It stands in the page while somebody is at the message. */
export function ActionBar({ spot }: { spot: Spot }) {
  const t = useText();
  const { locale } = useIntl();
  const acts = useAppShallow((state) => availableActs(state, spot));
  const { quickReactions } = useView();
  const shown = inBar.filter((id) => acts.includes(id));
  return (
    <div className={styles.bar} role="toolbar" aria-label={t('messages.acts')}>
      {quickReactions && acts.includes('react') && <Quick spot={spot} />}
      {shown.map((id) => (
        <BarButton
          key={id}
          label={t(actLabels[id])}
          shortcut={actKeys[id]}
          onEnter={id === 'react' ? () => preloadEmojis(locale) : undefined}
          onPress={(anchor) => perform(id, spot, t, anchor)}
          opens={id === 'react' ? 'dialog' : undefined}
        >
          {icons[id]}
        </BarButton>
      ))}
      <BarButton
        label={t('messages.more.acts')}
        shortcut="."
        onEnter={() => preloadOffered(spot)}
        onPress={(anchor) => openMenu(spot, anchor)}
        opens="menu"
      >
        <Ellipsis />
      </BarButton>
    </div>
  );
}

function Quick({ spot }: { spot: Spot }) {
  const t = useText();
  const recent = useApp(recentEmojis);
  const names = useMemo(() => [...new Set([...recent, ...usual])].slice(0, quickMost), [recent]);
  const react = (name: string) => {
    noteEmoji(name);
    void attempt(setReaction(spot.channelId, spot.postId, name, true));
  };
  return (
    <>
      {names.map((name) => (
        <BarButton key={name} label={t('messages.reactWith', { emoji: name })} onPress={() => react(name)}>
          <span className={styles.emoji}>
            <Emoji name={name} url={customEmojiUrl(name)} decorative />
          </span>
        </BarButton>
      ))}
      <span className={styles.line} aria-hidden="true" />
    </>
  );
}

interface BarButtonProps {
  label: string;
  shortcut?: string;
  opens?: 'menu' | 'dialog';
  onEnter?: () => void;
  onPress: (anchor: HTMLElement) => void;
  children: ReactNode;
}

function BarButton({ label, shortcut, opens, onEnter, onPress, children }: BarButtonProps) {
  const t = useText();
  const tip = () => (shortcut ? `${label} (${shortcutText(shortcut, t)})` : label);
  return (
    <button
      type="button"
      className={styles.button}
      aria-label={label}
      aria-haspopup={opens}
      aria-keyshortcuts={ariaShortcut(shortcut)}
      onPointerEnter={(event) => {
        onEnter?.();
        showTip(event.currentTarget, tip);
      }}
      onPointerLeave={hideTip}
      onFocus={(event) => event.target.matches(':focus-visible') && showTip(event.currentTarget, tip)}
      onBlur={hideTip}
      onClick={(event) => {
        hideTip();
        onPress(event.currentTarget);
      }}
    >
      {children}
    </button>
  );
}
