import { useText } from '@/i18n/text';
import { Checkbox } from '@/ui/Checkbox';
import { Moment } from '@/ui/listing';
import { RadioGroup } from '@/ui/RadioGroup';
import { Select } from '@/ui/Select';
import styles from './TokensSection.module.css';
import { scopes as allScopes, endOf, type Lifetime, lifetimes, type Scope } from './tokens';

/** Limits are what a new token is for, and how long. */
export interface Limits {
  life: Lifetime;
  /** Without any it is good for everything. */
  scopes?: readonly Scope[];
}

/** askedOf is how the server is asked for them. */
export function askedOf({ life, scopes }: Limits): { expires_at?: number; scopes?: string[] } {
  const ends = endOf(life, Date.now());
  return { ...(ends > 0 && { expires_at: ends }), ...(scopes && { scopes: [...scopes] }) };
}

/** isUseful tells whether a token with these limits is good for anything. */
export const isUseful = ({ scopes }: Limits): boolean =>
  !scopes || scopes.some((scope) => scope === 'read' || scope === 'write');

/** TokenLimits lets one choose how long a new token lasts and what it may do. */
export function TokenLimits({ value, onChange }: { value: Limits; onChange: (next: Limits) => void }) {
  const t = useText();
  const { life, scopes } = value;
  const flip = (scope: Scope, on: boolean) =>
    onChange({ life, scopes: on ? [...(scopes ?? []), scope] : (scopes ?? []).filter((one) => one !== scope) });
  return (
    <>
      <Select
        label={t('settings.tokens.life')}
        value={life}
        onChange={(next) => onChange({ ...value, life: next })}
        options={lifetimes.map((one) => ({ value: one, label: t(`settings.tokens.life.${one}`) }))}
      />
      <RadioGroup
        label={t('settings.tokens.may')}
        value={scopes ? 'some' : 'all'}
        onChange={(next) => onChange(next === 'all' ? { life } : { life, scopes: ['read', 'write'] })}
        options={[
          { value: 'all', label: t('settings.tokens.may.all') },
          { value: 'some', label: t('settings.tokens.may.some') },
        ]}
      />
      {scopes && (
        <div className={styles.scopes}>
          {allScopes.map((scope) => (
            <Checkbox
              key={scope}
              label={t(`settings.scope.${scope}`)}
              hint={t(`settings.scope.${scope}.hint`)}
              checked={scopes.includes(scope)}
              onChange={(on) => flip(scope, on)}
            />
          ))}
        </div>
      )}
    </>
  );
}

/** TokenReach says what a token may do, and until when. */
export function TokenReach({ token }: { token: { scopes?: string[] | null; expires_at?: number } }) {
  const t = useText();
  const ends = token.expires_at ?? 0;
  const scopes = allScopes.filter((scope) => token.scopes?.includes(scope));
  return (
    <>
      {scopes.length === 0
        ? t('settings.tokens.everything')
        : t('settings.tokens.only', { scopes: scopes.map((scope) => t(`settings.scope.${scope}`)).join(', ') })}
      {' · '}
      {ends > 0 ? (
        <>
          {t(ends < Date.now() ? 'settings.tokens.ended' : 'settings.tokens.ends')} <Moment at={ends} />
        </>
      ) : (
        t('settings.tokens.endless')
      )}
    </>
  );
}
