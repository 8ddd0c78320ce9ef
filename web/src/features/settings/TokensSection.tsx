import { Copy, KeyRound } from 'lucide-react';
import { useState } from 'react';
import * as usersApi from '@/api/users';
import { Tag } from '@/features/people/Tag';
import { Text, useText } from '@/i18n/text';
import { Button } from '@/ui/Button';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { copyText } from '@/ui/clipboard';
import { ErrorState } from '@/ui/ErrorState';
import { Form } from '@/ui/Form';
import { FormError } from '@/ui/FormError';
import { SkeletonRow } from '@/ui/Skeleton';
import { TextField } from '@/ui/TextField';
import { toast } from '@/ui/toast';
import { useLoaded } from '@/ui/useLoaded';
import { Section } from './parts';
import styles from './Settings.module.css';
import { askedOf, isUseful, type Limits, TokenLimits, TokenReach } from './TokenLimits';
import tokens from './TokensSection.module.css';
import { useSaving } from './useSaving';

/** The name of a token has at most this many characters. */
const descriptionMost = 255;

/** TokensSection holds the tokens by which one's own programs act in one's name. */
export function TokensSection() {
  const t = useText();
  const { value, error, reload } = useLoaded(usersApi.getTokens);
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState<usersApi.UserAccessToken>();
  return (
    <Section title={t('settings.tokens')} hint={t('settings.tokens.hint')}>
      {made && <Made token={made} onDone={() => setMade(undefined)} />}
      {making && (
        <Making
          onCancel={() => setMaking(false)}
          onMade={async (token) => {
            setMaking(false);
            setMade(token);
            await reload();
          }}
        />
      )}
      {!making && !made && (
        <div className={styles.row}>
          <Button onClick={() => setMaking(true)}>
            <Text id="settings.tokens.new" />
          </Button>
        </div>
      )}
      {!value && error === undefined && (
        <div aria-busy="true">
          <SkeletonRow picture={24} />
        </div>
      )}
      {!value && error !== undefined && <ErrorState error={error} onRetry={() => void reload()} />}
      {value && value.length > 0 && (
        <ul className={styles.list}>
          {value.map((token) => (
            <Row key={token.id} token={token} onChanged={reload} />
          ))}
        </ul>
      )}
    </Section>
  );
}

function Making({
  onMade,
  onCancel,
}: {
  onMade: (token: usersApi.UserAccessToken) => Promise<void>;
  onCancel: () => void;
}) {
  const t = useText();
  const [name, setName] = useState('');
  const [limits, setLimits] = useState<Limits>({ life: 'never' });
  const [error, setError] = useState<string>();
  const make = async () => {
    if (name.trim() === '') return setError(t('settings.tokens.nameless'));
    await onMade(await usersApi.createToken({ description: name.trim(), ...askedOf(limits) }));
  };
  return (
    <Form onSubmit={make} className={styles.form}>
      <TextField
        label={t('settings.tokens.name')}
        hint={t('settings.tokens.name.hint')}
        focusFirst
        maxLength={descriptionMost}
        value={name}
        onChange={(next) => {
          setName(next);
          setError(undefined);
        }}
        error={error}
      />
      <TokenLimits value={limits} onChange={setLimits} />
      <div className={styles.submit}>
        <Button type="submit" kind="primary" disabled={!isUseful(limits)}>
          <Text id="settings.tokens.create" />
        </Button>
        <Button onClick={onCancel}>
          <Text id="ui.cancel" />
        </Button>
      </div>
    </Form>
  );
}

/** The token itself is shown once, right after it was made. */
function Made({ token, onDone }: { token: usersApi.UserAccessToken; onDone: () => void }) {
  const t = useText();
  const copy = async () => {
    await copyText(token.token ?? '');
    toast(t('settings.copied'));
  };
  return (
    <div className={styles.box} role="status">
      <p className={tokens.once}>{t('settings.tokens.once')}</p>
      <div className={styles.row}>
        <code className={tokens.token}>{token.token}</code>
        <Button icon={<Copy size={16} aria-hidden="true" />} onClick={() => void copy()}>
          <Text id="settings.copy" />
        </Button>
      </div>
      <p className={styles.hint}>{t('settings.tokens.id', { id: token.id })}</p>
      <div className={styles.row}>
        <Button kind="primary" onClick={onDone}>
          <Text id="settings.tokens.kept" />
        </Button>
      </div>
    </div>
  );
}

function Row({ token, onChanged }: { token: usersApi.UserAccessToken; onChanged: () => Promise<void> }) {
  const t = useText();
  const [removing, setRemoving] = useState(false);
  const { saving, run } = useSaving();
  const name = token.description || token.id;
  const flip = () =>
    run(async () => {
      await (token.is_active ? usersApi.disableToken(token.id) : usersApi.enableToken(token.id));
      await onChanged();
    });
  return (
    <li className={styles.item}>
      <span className={styles.itemIcon}>
        <KeyRound aria-hidden="true" />
      </span>
      <div className={styles.itemWords}>
        <p className={styles.itemTitle}>
          {name}
          {!token.is_active && <Tag>{t('settings.tokens.off')}</Tag>}
        </p>
        <p className={styles.itemAbout}>
          <TokenReach token={token} />
        </p>
        <p className={styles.itemAbout}>{t('settings.tokens.id', { id: token.id })}</p>
        {saving.kind === 'failed' && <FormError error={saving.error} />}
      </div>
      <div className={styles.itemActs}>
        <Button busy={saving.kind === 'saving'} onClick={() => void flip()}>
          {t(token.is_active ? 'settings.tokens.disable' : 'settings.tokens.enable')}
        </Button>
        <Button kind="plain" aria-label={t('settings.tokens.remove.of', { name })} onClick={() => setRemoving(true)}>
          <Text id="settings.tokens.remove" />
        </Button>
      </div>
      {removing && (
        <ConfirmDialog
          danger
          title={t('settings.tokens.remove.title', { name })}
          confirm={t('settings.tokens.remove')}
          onConfirm={async () => {
            await usersApi.revokeToken(token.id);
            await onChanged();
          }}
          onClose={() => setRemoving(false)}
        >
          <p>{t('settings.tokens.remove.words')}</p>
        </ConfirmDialog>
      )}
    </li>
  );
}
