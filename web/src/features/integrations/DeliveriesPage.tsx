import { Activity } from 'lucide-react';
import { useState } from 'react';
import { useIntl } from 'react-intl';
import * as api from '@/api/deliveries';
import { useText } from '@/i18n/text';
import { Banner } from '@/ui/Banner';
import { Button } from '@/ui/Button';
import { EmptyState } from '@/ui/EmptyState';
import { Bar, Lead, Moment, Table, Waiting } from '@/ui/listing';
import { Select } from '@/ui/Select';
import { TextButton } from '@/ui/TextButton';
import { useFound } from '@/ui/useFound';
import { DeliveryDialog } from './DeliveryDialog';
import { integrationsIn, kindText, outcomeText } from './deliveries';
import styles from './Integrations.module.css';
import { durationText } from './words';

const perPage = 50;
const outcomes = ['', 'failed', 'waiting', 'ok'] as const;

/** DeliveriesPage is the log of what Parley sent for integrations, with what came back. */
export function DeliveriesPage({ teamId }: { teamId: string }) {
  const t = useText();
  const [of, setOf] = useState('');
  const [outcome, setOutcome] = useState<(typeof outcomes)[number]>('');
  const [page, setPage] = useState(0);
  const [known, setKnown] = useState<readonly { id: string; name: string }[]>([]);
  const ask = async () => {
    const found = await api.getDeliveries({
      team_id: teamId,
      page,
      per_page: perPage,
      ...(of && { of }),
      ...(outcome && { outcome }),
    });
    setKnown((before) => integrationsIn(found.deliveries, before));
    return found;
  };
  const found = useFound(ask, `${of} ${outcome} ${page}`);
  const filter = (change: () => void) => {
    change();
    setPage(0);
  };
  return (
    <>
      <Lead>{t('integrations.deliveries.lead')}</Lead>
      <Bar>
        <Select
          label={t('integrations.deliveries.of')}
          value={of}
          onChange={(value) => filter(() => setOf(value))}
          options={[
            { value: '', label: t('integrations.deliveries.all') },
            ...known.map((one) => ({ value: one.id, label: one.name })),
          ]}
        />
        <Select
          label={t('integrations.deliveries.outcome')}
          value={outcome}
          onChange={(value) => filter(() => setOutcome(value))}
          options={outcomes.map((value) => ({ value, label: t(outcomeText(value)) }))}
        />
        <Button onClick={() => void found.reload()}>{t('integrations.deliveries.refresh')}</Button>
      </Bar>
      <Waiting of={found}>
        {(value) => (
          <Log
            {...value}
            filtered={of !== '' || outcome !== ''}
            page={page}
            onTurn={setPage}
            onChanged={found.reload}
          />
        )}
      </Waiting>
    </>
  );
}

type LogProps = api.DeliveryPage & {
  filtered: boolean;
  page: number;
  onTurn: (page: number) => void;
  onChanged: () => Promise<void>;
};

function Log({ deliveries, breakers, filtered, page, onTurn, onChanged }: LogProps) {
  const t = useText();
  const [opened, setOpened] = useState<string>();
  const more = deliveries.length === perPage;
  return (
    <>
      {breakers.map((one) => (
        <div key={one.of} className={styles.above}>
          <Banner kind="warn">
            {t('integrations.breaker', { name: one.name })} <Moment at={one.until} />
          </Banner>
        </div>
      ))}
      {deliveries.length === 0 && !filtered && page === 0 ? (
        <EmptyState icon={<Activity size={32} />} title={t('integrations.deliveries.empty')}>
          {t('integrations.deliveries.empty.hint')}
        </EmptyState>
      ) : (
        <Rows list={deliveries} onOpen={setOpened} />
      )}
      {(page > 0 || more) && (
        <div className={styles.actions}>
          <Button disabled={page === 0} onClick={() => onTurn(page - 1)}>
            {t('integrations.newer')}
          </Button>
          <Button disabled={!more} onClick={() => onTurn(page + 1)}>
            {t('integrations.older')}
          </Button>
        </div>
      )}
      {opened && <DeliveryDialog id={opened} onClose={() => setOpened(undefined)} onChanged={onChanged} />}
    </>
  );
}

function Rows({ list, onOpen }: { list: readonly api.Delivery[]; onOpen: (id: string) => void }) {
  const t = useText();
  const { locale } = useIntl();
  return (
    <Table
      label={t('integrations.page.deliveries')}
      empty={t('integrations.none')}
      rows={list}
      keyOf={(one) => one.id}
      columns={[
        {
          id: 'name',
          title: t('integrations.deliveries.of'),
          cell: (one) => (
            <div className={styles.naming}>
              <TextButton onClick={() => onOpen(one.id)}>{one.name || t('integrations.unnamed')}</TextButton>
              <p className={styles.about}>{t(kindText(one.kind))}</p>
            </div>
          ),
        },
        {
          id: 'outcome',
          title: t('integrations.deliveries.outcome'),
          cell: (one) => <OutcomeTag outcome={one.outcome} status={one.status} />,
        },
        {
          id: 'request',
          title: t('integrations.deliveries.request'),
          cell: (one) => (
            <span className={styles.address}>
              {one.method} {one.url}
            </span>
          ),
        },
        {
          id: 'took',
          title: t('integrations.deliveries.took'),
          figures: true,
          cell: (one) => durationText(one.duration, locale),
        },
        { id: 'tries', title: t('integrations.deliveries.tries'), figures: true, cell: (one) => one.attempts },
        { id: 'at', title: t('integrations.deliveries.at'), cell: (one) => <Moment at={one.create_at} /> },
      ]}
    />
  );
}

/** OutcomeTag says how a delivery went, in words and with the status of the answer. */
export function OutcomeTag({ outcome, status }: { outcome: api.Outcome; status: number }) {
  const t = useText();
  return (
    <span className={styles.outcome} data-outcome={outcome}>
      {t(outcomeText(outcome))} {status > 0 && <span className={styles.status}>{status}</span>}
    </span>
  );
}
