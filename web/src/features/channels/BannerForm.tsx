import { useId, useState } from 'react';
import { useText } from '@/i18n/text';
import type { Channel } from '@/store/channels';
import { closeDialog } from '@/store/commands';
import { Button } from '@/ui/Button';
import { Form } from '@/ui/Form';
import { Switch } from '@/ui/Switch';
import { TextArea } from '@/ui/TextArea';
import { toast } from '@/ui/toast';
import { change } from './actions';
import styles from './Banner.module.css';
import { BannerLine } from './BannerBar';

/** The server takes no longer one. */
const bannerMost = 1024;

/** BannerForm sets what stands above the messages of a channel. */
export function BannerForm({ channel }: { channel: Channel }) {
  const t = useText();
  const id = useId();
  const [enabled, setEnabled] = useState(channel.banner_info?.enabled ?? false);
  const [text, setText] = useState(channel.banner_info?.text ?? '');
  const [colour, setColour] = useState(channel.banner_info?.background_color || '#f2c14e');
  const [wanted, setWanted] = useState(false);
  const save = async () => {
    if (enabled && text.trim() === '') return setWanted(true);
    await change(channel.id, { banner_info: { enabled, text: text.trim(), background_color: colour } });
    toast(t('channels.saved'));
    closeDialog();
  };
  return (
    <Form className={styles.form} onSubmit={save}>
      <Switch
        label={t('channels.banner.enabled')}
        hint={t('channels.banner.hint')}
        checked={enabled}
        onChange={setEnabled}
      />
      {enabled && (
        <>
          <TextArea
            label={t('channels.banner.text')}
            value={text}
            rows={2}
            maxLength={bannerMost}
            error={wanted ? t('channels.banner.wanted') : undefined}
            onChange={(next) => {
              setText(next);
              setWanted(false);
            }}
          />
          <div className={styles.colour}>
            <label htmlFor={id}>{t('channels.banner.colour')}</label>
            <input
              id={id}
              type="color"
              className={styles.well}
              value={colour}
              onChange={(event) => setColour(event.target.value)}
            />
          </div>
          {text.trim() && <BannerLine text={text} colour={colour} />}
        </>
      )}
      <div className={styles.buttons}>
        <Button onClick={closeDialog}>{t('ui.cancel')}</Button>
        <Button kind="primary" type="submit">
          {t('channels.save')}
        </Button>
      </div>
    </Form>
  );
}
