/** The help sheet: the keys of the client, from the lists that the client itself goes by. */
import { useState } from 'react';
import { boxKeys, type Format, formatKeys } from '@/features/composer/keys';
import { type ActId, actKeys, actLabels } from '@/features/messages/acts';
import { type TextId, useText } from '@/i18n/text';
import { fold } from '@/markdown/marks';
import { closeDialog } from '@/store/commands';
import { Dialog } from '@/ui/Dialog';
import { Kbd } from '@/ui/Kbd';
import { SearchField } from '@/ui/SearchField';
import styles from './ShortcutsDialog.module.css';
import { type ShortcutGroup, shortcuts } from './shortcuts';

type Line = { keys: string; label: TextId };

const global = (group: ShortcutGroup): Line[] =>
  shortcuts.flatMap(({ keys, label, group: own }) => (own === group && label ? [{ keys, label }] : []));

const formats = Object.entries(formatKeys).map(
  ([format, keys]): Line => ({ keys, label: `composer.format.${format as Format}` }),
);

const acts = Object.entries(actKeys)
  .filter(([act]) => !act.startsWith('un') || act === 'unread')
  .map(([act, keys]): Line => ({ keys, label: actLabels[act as ActId] }));

const groups: readonly { title: TextId; lines: readonly Line[] }[] = [
  { title: 'app.keys.group.around', lines: global('around') },
  {
    title: 'app.keys.group.channel',
    lines: [
      ...global('channel'),
      { keys: 'up', label: 'app.keys.editLast' },
      { keys: 'shift+up', label: 'app.keys.replyLast' },
    ],
  },
  {
    title: 'app.keys.group.message',
    lines: [{ keys: 'J', label: 'app.keys.nextMessage' }, { keys: 'K', label: 'app.keys.previousMessage' }, ...acts],
  },
  {
    title: 'app.keys.group.writing',
    lines: [
      ...formats,
      { keys: boxKeys.emoji, label: 'composer.emoji' },
      { keys: boxKeys.preview, label: 'composer.preview' },
    ],
  },
  {
    title: 'app.keys.group.sidebar',
    lines: [
      { keys: 'mod+shift+up', label: 'app.keys.moveUp' },
      { keys: 'mod+shift+down', label: 'app.keys.moveDown' },
    ],
  },
];

/** ShortcutsDialog lists all keys, or those that do what one looks for. */
export function ShortcutsDialog() {
  const t = useText();
  const [wanted, setWanted] = useState('');
  const query = fold(wanted.trim().toLowerCase());
  const fits = ({ label }: Line) => fold(t(label).toLowerCase()).includes(query);
  const shown = groups
    .map(({ title, lines }) => ({ title, lines: lines.filter(fits) }))
    .filter(({ lines }) => lines.length > 0);
  return (
    <Dialog open onClose={closeDialog} title={t('app.keys.title')} size="l">
      <SearchField label={t('app.keys.find')} value={wanted} focusFirst onChange={setWanted} />
      {shown.length === 0 && <p className={styles.none}>{t('app.keys.none')}</p>}
      <div className={styles.groups}>
        {shown.map(({ title, lines }) => (
          <section key={title} className={styles.group}>
            <h2 className={styles.title}>{t(title)}</h2>
            <dl className={styles.lines}>
              {lines.map(({ keys, label }) => (
                <div key={`${keys} ${label}`} className={styles.line}>
                  <dt>{t(label)}</dt>
                  <dd>
                    <Kbd keys={keys} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
