import { useState } from 'react';
import * as api from '@/api/bots';
import { useText } from '@/i18n/text';
import { Button } from '@/ui/Button';
import { Checkbox } from '@/ui/Checkbox';
import { Form } from '@/ui/Form';
import { RadioGroup } from '@/ui/RadioGroup';
import { Select } from '@/ui/Select';
import { TextField } from '@/ui/TextField';
import styles from './Integrations.module.css';
import { scopes as allScopes, endOf, type Lifetime, lifetimes, type Scope } from './tokens';

export interface NewTokenFormProps {
  userId: string;
  onMade: (token: api.Token) => Promise<void>;
  onCancel: () => void;
}

/** NewTokenForm names a token and says how long it lasts and what it may do. */
export function NewTokenForm({ userId, onMade, onCancel }: NewTokenFormProps) {
  const t = useText();
  const [name, setName] = useState('');
  const [life, setLife] = useState<Lifetime>('never');
  const [whole, setWhole] = useState<'all' | 'some'>('all');
  const [scopes, setScopes] = useState<readonly Scope[]>(['read', 'write']);
  const [error, setError] = useState<string>();
  const make = async () => {
    if (name.trim() === '') return setError(t('integrations.tokens.nameless'));
    const ends = endOf(life, Date.now());
    await onMade(
      await api.createTokenOf(userId, {
        description: name.trim(),
        ...(ends > 0 && { expires_at: ends }),
        ...(whole === 'some' && { scopes: [...scopes] }),
      }),
    );
  };
  const flip = (scope: Scope, on: boolean) =>
    setScopes(on ? [...scopes, scope] : scopes.filter((one) => one !== scope));
  return (
    <Form onSubmit={make} className={styles.box}>
      <div className={styles.pair}>
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
        <Select
          label={t('integrations.tokens.life')}
          value={life}
          onChange={setLife}
          options={lifetimes.map((value) => ({ value, label: t(`integrations.tokens.life.${value}`) }))}
        />
      </div>
      <RadioGroup
        label={t('integrations.tokens.may')}
        value={whole}
        onChange={setWhole}
        options={[
          { value: 'all', label: t('integrations.tokens.may.all') },
          { value: 'some', label: t('integrations.tokens.may.some') },
        ]}
      />
      {whole === 'some' && (
        <div className={styles.indent}>
          {allScopes.map((scope) => (
            <Checkbox
              key={scope}
              label={t(`integrations.scope.${scope}`)}
              hint={t(`integrations.scope.${scope}.hint`)}
              checked={scopes.includes(scope)}
              onChange={(on) => flip(scope, on)}
            />
          ))}
        </div>
      )}
      <div className={styles.submit}>
        <Button onClick={onCancel}>{t('ui.cancel')}</Button>
        <Button type="submit" kind="primary" disabled={whole === 'some' && scopes.length === 0}>
          {t('integrations.tokens.make')}
        </Button>
      </div>
    </Form>
  );
}
