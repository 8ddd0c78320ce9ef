import { RotateCw } from 'lucide-react';
import { useState } from 'react';
import { useIntl } from 'react-intl';
import * as api from '@/api/deliveries';
import { useText } from '@/i18n/text';
import { attempt } from '@/ui/attempt';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Moment, Waiting } from '@/ui/listing';
import { toast } from '@/ui/toast';
import { useLoaded } from '@/ui/useLoaded';
import { OutcomeTag } from './DeliveriesPage';
import { headerLines, kindText } from './deliveries';
import styles from './Integrations.module.css';
import { bodyText, durationText } from './words';

export interface DeliveryDialogProps {
  id: string;
  onClose: () => void;
  onChanged: () => Promise<void>;
}

/** DeliveryDialog shows what was sent and what came back, and sends it again. */
export function DeliveryDialog({ id, onClose, onChanged }: DeliveryDialogProps) {
  const t = useText();
  const found = useLoaded(() => api.getDelivery(id));
  const [busy, setBusy] = useState(false);
  const again = async () => {
    setBusy(true);
    if (await attempt(api.sendAgain(id))) {
      toast(t('integrations.deliveries.sent'));
      await Promise.all([found.reload(), onChanged()]);
    }
    setBusy(false);
  };
  return (
    <Dialog
      open
      onClose={onClose}
      size="l"
      title={found.value?.name || t('integrations.deliveries.one')}
      footer={
        <>
          <Button onClick={onClose}>{t('ui.close')}</Button>
          <Button
            kind="primary"
            busy={busy}
            icon={<RotateCw size={16} aria-hidden="true" />}
            onClick={() => void again()}
          >
            {t('integrations.deliveries.again')}
          </Button>
        </>
      }
    >
      <Waiting of={found}>{(one) => <Facts one={one} />}</Waiting>
    </Dialog>
  );
}

function Facts({ one }: { one: api.Delivery }) {
  const t = useText();
  const { locale } = useIntl();
  return (
    <div className={styles.dialog}>
      <dl className={styles.factList}>
        <dt>{t('integrations.deliveries.outcome')}</dt>
        <dd>
          <OutcomeTag outcome={one.outcome} status={one.status} />
        </dd>
        <dt>{t('integrations.deliveries.kind')}</dt>
        <dd>{t(kindText(one.kind))}</dd>
        <dt>{t('integrations.deliveries.at')}</dt>
        <dd>
          <Moment at={one.create_at} />
        </dd>
        <dt>{t('integrations.deliveries.took')}</dt>
        <dd>{durationText(one.duration, locale)}</dd>
        <dt>{t('integrations.deliveries.tries')}</dt>
        <dd>{one.attempts}</dd>
        {one.next_at > 0 && (
          <>
            <dt>{t('integrations.deliveries.next')}</dt>
            <dd>
              <Moment at={one.next_at} />
            </dd>
          </>
        )}
        {one.error && (
          <>
            <dt>{t('integrations.deliveries.error')}</dt>
            <dd className={styles.wrong}>{one.error}</dd>
          </>
        )}
      </dl>
      <Message
        title={t('integrations.deliveries.request')}
        first={`${one.method} ${one.url}`}
        header={one.request_header}
        body={one.request_body}
      />
      <Message
        title={t('integrations.deliveries.answer')}
        first={one.status > 0 ? String(one.status) : t('integrations.deliveries.noAnswer')}
        header={one.answer_header}
        body={one.answer_body}
      />
    </div>
  );
}

type MessageProps = {
  title: string;
  first: string;
  header: Record<string, string[]> | null | undefined;
  body: string | undefined;
};

function Message({ title, first, header, body }: MessageProps) {
  const lines = headerLines(header);
  return (
    <section className={styles.section}>
      <h2 className={styles.sectionTitle}>{title}</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be reached by keys */}
      <pre className={styles.message} tabIndex={0}>
        <b>{first}</b>
        {lines && `\n${lines}`}
        {body && `\n\n${bodyText(body)}`}
      </pre>
    </section>
  );
}
