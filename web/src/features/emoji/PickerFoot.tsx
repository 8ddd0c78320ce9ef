import { ImagePlus } from 'lucide-react';
import { useState } from 'react';
import { useText } from '@/i18n/text';
import { Glyph } from '@/markdown/Emoji';
import { glyphs, type Tone, tones } from '@/markdown/glyphs';
import { openDialog } from '@/store/commands';
import { useApp } from '@/store/store';
import { IconButton } from '@/ui/IconButton';
import { toast } from '@/ui/toast';
import { mayAddEmoji } from './customActions';
import type { EmojiEntry } from './data';
import { Face } from './EmojiGrid';
import styles from './EmojiPicker.module.css';
import { chooseSkinTone } from './recent';
import { tonedName } from './tone';

interface PickerFootProps {
  entry: EmojiEntry | undefined;
  tone: Tone | undefined;
  /** Nothing was found. */
  none: boolean;
  onLeave: () => void;
}

/** PickerFoot says what the active emoji is and chooses the skin tone. */
export function PickerFoot({ entry, tone, none, onLeave }: PickerFootProps) {
  const t = useText();
  const [choosing, setChoosing] = useState(false);
  const offered = useApp(mayAddEmoji);
  return (
    <div className={styles.foot}>
      {choosing ? (
        <ToneBar tone={tone} onDone={() => setChoosing(false)} />
      ) : (
        <>
          <Preview entry={entry} tone={tone} none={none} />
          {offered && (
            <IconButton
              label={t('emoji.custom.title')}
              icon={<ImagePlus />}
              onClick={() => {
                onLeave();
                openDialog({ kind: 'custom-emoji' });
              }}
              className={styles.tone}
            />
          )}
          <IconButton
            label={t('emoji.tone')}
            icon={<Hand tone={tone} />}
            onClick={() => setChoosing(true)}
            className={styles.tone}
          />
        </>
      )}
    </div>
  );
}

function Preview({ entry, tone, none }: Omit<PickerFootProps, 'onLeave'>) {
  const t = useText();
  if (!entry) return <p className={styles.hint}>{t(none ? 'emoji.none' : 'emoji.hint')}</p>;
  return (
    <>
      <span className={styles.large} aria-hidden="true">
        <Face entry={entry} tone={tone} />
      </span>
      <span className={styles.about}>
        <span className={styles.label}>{entry.label}</span>
        <span className={styles.name}>:{tonedName(entry, tone)}:</span>
      </span>
    </>
  );
}

function Hand({ tone }: { tone: Tone | undefined }) {
  const name = tone ? `raised_hand_${tone}_skin_tone` : 'raised_hand';
  return <Glyph glyph={glyphs().glyphOf(name) ?? '✋'} />;
}

function ToneBar({ tone, onDone }: { tone: Tone | undefined; onDone: () => void }) {
  const t = useText();
  const choose = (next: Tone | undefined) => {
    onDone();
    if (next !== tone) chooseSkinTone(next).catch((error: Error) => toast(error.message));
  };
  return (
    <div role="toolbar" aria-label={t('emoji.tone')} className={styles.tones}>
      {[undefined, ...tones].map((one, index) => (
        <IconButton
          key={one ?? 'none'}
          label={t(`emoji.tone.${one ?? 'none'}`)}
          icon={<Hand tone={one} />}
          pressed={one === tone}
          // The row takes the place of the button that was pressed.
          autoFocus={index === 0}
          onClick={() => choose(one)}
        />
      ))}
    </div>
  );
}
