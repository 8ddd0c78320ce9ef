import { BellOff, BellRing, Send } from 'lucide-react';
import { FormattedDate } from 'react-intl';
import * as pushApi from '@/api/push';
import { canPush, isSubscribed, PushError, turnOff, turnOn } from '@/features/notify/push';
import { Tag } from '@/features/people/Tag';
import { Text, useText } from '@/i18n/text';
import { Button } from '@/ui/Button';
import { ErrorState } from '@/ui/ErrorState';
import { FormError } from '@/ui/FormError';
import { SkeletonRow } from '@/ui/Skeleton';
import { useLoaded } from '@/ui/useLoaded';
import device from './DeviceSection.module.css';
import { Section } from './parts';
import styles from './Settings.module.css';
import { useSaving } from './useSaving';

type Devices = { list: pushApi.PushDevice[]; here: pushApi.PushDevice | undefined };

/** A device that lost its subscription, with the browser's leave perhaps, is off whatever the server believes. */
async function load(): Promise<Devices> {
  const [list, subscribed] = await Promise.all([pushApi.getPushDevices(), isSubscribed()]);
  return { list, here: subscribed ? list.find((one) => one.here) : undefined };
}

/** ClosedSection has devices told of messages while Parley is closed: this one, and those that are told already. */
export function ClosedSection() {
  const t = useText();
  const { value, error, reload } = useLoaded(load);
  return (
    <Section title={t('settings.closed')} hint={t('settings.closed.hint')}>
      {!value && error === undefined && (
        <div aria-busy="true">
          <SkeletonRow rows={1} picture={24} />
        </div>
      )}
      {!value && error !== undefined && <ErrorState error={error} onRetry={() => void reload()} />}
      {value && <ThisDevice key={String(value.here !== undefined)} here={value.here} onChanged={reload} />}
      {value && value.list.length > 0 && (
        <ul className={styles.list} aria-label={t('settings.closed.devices')}>
          {value.list.map((one) => (
            <Row key={one.id} device={one} onRemoved={reload} />
          ))}
        </ul>
      )}
    </Section>
  );
}

type ThisDeviceProps = { here: pushApi.PushDevice | undefined; onChanged: () => Promise<void> };

function ThisDevice({ here, onChanged }: ThisDeviceProps) {
  const t = useText();
  const { saving, run } = useSaving();
  const words = (error: unknown) =>
    error instanceof PushError ? t(`settings.closed.problem.${error.problem}`) : error;
  if (!canPush()) {
    return (
      <p className={device.off}>
        <BellOff aria-hidden="true" /> <span>{t('settings.closed.unsupported')}</span>
      </p>
    );
  }
  const act = () =>
    run(async () => {
      try {
        await (here ? pushApi.tryPushDevice(here.id) : turnOn());
      } finally {
        // Also after a failed test: a device that is gone has left the list.
        await onChanged();
      }
    });
  return (
    <>
      {here && (
        <p className={device.on}>
          <BellRing aria-hidden="true" /> {t('settings.closed.isOn')}
        </p>
      )}
      <div className={styles.row}>
        <Button
          kind={here ? 'quiet' : 'primary'}
          icon={here ? <Send size={16} aria-hidden="true" /> : <BellRing size={16} aria-hidden="true" />}
          busy={saving.kind === 'saving'}
          onClick={() => void act()}
        >
          {t(here ? 'settings.closed.test' : 'settings.closed.on')}
        </Button>
        <span className={styles.hint} role="status">
          {here && saving.kind === 'saved' && t('settings.closed.tested')}
        </span>
      </div>
      <FormError error={saving.kind === 'failed' ? words(saving.error) : null} />
    </>
  );
}

type RowProps = { device: pushApi.PushDevice; onRemoved: () => Promise<void> };

function Row({ device: one, onRemoved }: RowProps) {
  const t = useText();
  const { saving, run } = useSaving();
  const name = one.name || t('settings.closed.unnamed');
  const remove = () =>
    run(async () => {
      await turnOff(one);
      await onRemoved();
    });
  return (
    <li className={styles.item}>
      <span className={styles.itemIcon}>
        <BellRing aria-hidden="true" />
      </span>
      <div className={styles.itemWords}>
        <p className={styles.itemTitle}>
          {name}
          {one.here && <Tag>{t('settings.closed.here')}</Tag>}
        </p>
        <p className={styles.itemAbout}>
          <Text
            id="settings.closed.since"
            values={{ day: <FormattedDate value={one.create_at} dateStyle="medium" /> }}
          />
        </p>
        {saving.kind === 'failed' && <FormError error={saving.error} />}
      </div>
      <Button
        busy={saving.kind === 'saving'}
        aria-label={t('settings.closed.off.of', { name })}
        onClick={() => void remove()}
      >
        <Text id="settings.closed.off" />
      </Button>
    </li>
  );
}
