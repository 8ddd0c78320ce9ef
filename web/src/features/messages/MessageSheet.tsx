import { Dialog, DialogHeading } from '@ariakit/react/dialog';
import { Blocks, SmilePlus } from 'lucide-react';
import { Fragment, useEffect, useMemo, useRef } from 'react';
import { customEmojiUrl } from '@/features/emoji/custom';
import { noteEmoji, recentEmojis } from '@/features/emoji/recent';
import { useText } from '@/i18n/text';
import { Emoji } from '@/markdown/Emoji';
import { postOf } from '@/store/posts';
import { useApp, useAppShallow } from '@/store/store';
import { cx } from '@/ui/cx';
import { ActIcon } from './ActIcon';
import { attempt, toggleReaction } from './actions';
import { type ActId, actLabels, availableActs, perform, startsGroup } from './acts';
import { useAuthor } from './author';
import { closeSheet, type Spot } from './layers';
import styles from './MessageSheet.module.css';
import { nameOf, runOffered, useOffered } from './offered';

const usual = ['+1', 'heart', 'tada', 'joy', 'eyes'];

/** The row of the message that a sheet is about. */
const rowOf = (postId: string): HTMLElement =>
  document.querySelector<HTMLElement>(`[data-message="${CSS.escape(postId)}"]`) ?? document.body;

/** MessageSheet is the menu of a message on a small screen: at the bottom, with room for fingers. */
export function MessageSheet({ spot }: { spot: Spot }) {
  const t = useText();
  const acts = useAppShallow((state) => availableActs(state, spot));
  const offered = useOffered(spot);
  const author = useAuthor(useApp((state) => postOf(state.posts, spot.channelId, spot.postId)));
  const pressed = usePressed();
  const listed = acts.filter((id) => id !== 'react');
  const act = (id: ActId) => {
    closeSheet();
    perform(id, spot, t, rowOf(spot.postId));
  };
  return (
    <Dialog
      open
      onClose={closeSheet}
      // The finger that opened it is still down: only the next press can close it.
      hideOnInteractOutside={() => pressed.current}
      className={styles.sheet}
      backdrop={<div className={styles.backdrop} />}
      finalFocus={rowOf(spot.postId)}
    >
      <DialogHeading className="visually-hidden">{t('messages.sheet', { name: author.name })}</DialogHeading>
      <div className={styles.grip} aria-hidden="true" />
      {acts.includes('react') && <QuickRow spot={spot} onMore={() => act('react')} />}
      <ul className={styles.list}>
        {listed.map((id, index) => (
          <Fragment key={id}>
            {startsGroup(listed, index) && <li className={styles.line} aria-hidden="true" />}
            <li>
              <button
                type="button"
                className={cx(styles.item, id === 'delete' && styles.danger)}
                onClick={() => act(id)}
              >
                <ActIcon id={id} />
                {t(actLabels[id])}
              </button>
            </li>
          </Fragment>
        ))}
        {offered.length > 0 && <li className={styles.line} aria-hidden="true" />}
        {offered.map((command) => (
          <li key={command.id}>
            <button
              type="button"
              className={styles.item}
              onClick={() => {
                closeSheet();
                void runOffered(command, spot);
              }}
            >
              <Blocks aria-hidden="true" />
              {nameOf(command)}
            </button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

/** Whether a new press has begun since the sheet is there. */
function usePressed() {
  const pressed = useRef(false);
  useEffect(() => {
    const press = () => {
      pressed.current = true;
    };
    window.addEventListener('pointerdown', press, { capture: true });
    return () => window.removeEventListener('pointerdown', press, { capture: true });
  }, []);
  return pressed;
}

function QuickRow({ spot, onMore }: { spot: Spot; onMore: () => void }) {
  const t = useText();
  const recent = useApp(recentEmojis);
  const names = useMemo(() => [...new Set([...recent, ...usual])].slice(0, usual.length), [recent]);
  const react = (name: string) => {
    closeSheet();
    noteEmoji(name);
    void attempt(toggleReaction(spot.channelId, spot.postId, name));
  };
  return (
    <div className={styles.quick}>
      {names.map((name) => (
        <button
          key={name}
          type="button"
          className={styles.emoji}
          aria-label={t('messages.reactWith', { emoji: name })}
          onClick={() => react(name)}
        >
          <Emoji name={name} url={customEmojiUrl(name)} decorative />
        </button>
      ))}
      <button type="button" className={styles.emoji} aria-label={t('messages.act.react')} onClick={onMore}>
        <SmilePlus size={22} aria-hidden="true" />
      </button>
    </div>
  );
}
