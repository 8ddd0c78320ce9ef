import { useState } from 'react';
import * as api from '@/api/bots';
import type { UserAccessToken } from '@/api/users';
import { askedOf, isUseful, type Limits, TokenLimits } from '@/features/settings/TokenLimits';
import { useText } from '@/i18n/text';
import { Button } from '@/ui/Button';
import { Form } from '@/ui/Form';
import { TextField } from '@/ui/TextField';
import styles from './Integrations.module.css';

export interface NewTokenFormProps {
  userId: string;
  onMade: (token: UserAccessToken) => Promise<void>;
  onCancel: () => void;
}

/** NewTokenForm names a token and says how long it lasts and what it may do. */
export function NewTokenForm({ userId, onMade, onCancel }: NewTokenFormProps) {
  const t = useText();
  const [name, setName] = useState('');
  const [limits, setLimits] = useState<Limits>({ life: 'never' });
  const [error, setError] = useState<string>();
  const make = async () => {
    if (name.trim() === '') return setError(t('integrations.tokens.nameless'));
    await onMade(await api.createTokenOf(userId, { description: name.trim(), ...askedOf(limits) }));
  };
  return (
    <Form onSubmit={make} className={styles.box}>
      <TextField
        label={t('integrations.tokens.name')}
        hint={t('integrations.tokens.name.hint')}
        focusFirst
        maxLength={255}
        value={name}
        onChange={(next) => {
          setName(next);
          setError(undefined);
        }}
        error={error}
      />
      <TokenLimits value={limits} onChange={setLimits} />
      <div className={styles.submit}>
        <Button onClick={onCancel}>{t('ui.cancel')}</Button>
        <Button type="submit" kind="primary" disabled={!isUseful(limits)}>
          {t('integrations.tokens.make')}
        </Button>
      </div>
    </Form>
  );
}
