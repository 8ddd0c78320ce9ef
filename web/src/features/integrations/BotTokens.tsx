import { KeyRound, Plus } from 'lucide-react';
import { useState } from 'react';
import * as api from '@/api/bots';
import { revokeToken, type UserAccessToken } from '@/api/users';
import { Tag } from '@/features/people/Tag';
import { TokenReach } from '@/features/settings/TokenLimits';
import { useText } from '@/i18n/text';
import { Button } from '@/ui/Button';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { Waiting } from '@/ui/listing';
import { useLoaded } from '@/ui/useLoaded';
import styles from './Integrations.module.css';
import { NewTokenForm } from './NewTokenForm';
import { Value } from './Secret';

/** BotTokens are what a bot signs in with. A token itself is shown once, right after it was made. */
export function BotTokens({ bot, fresh }: { bot: api.Bot; fresh: boolean }) {
  const t = useText();
  const tokens = useLoaded(() => api.getTokensOf(bot.user_id));
  const [making, setMaking] = useState(fresh);
  const [made, setMade] = useState<UserAccessToken>();
  return (
    <div className={styles.tokens}>
      <h2 className={styles.sectionTitle}>{t('integrations.tokens')}</h2>
      {made && (
        <div className={styles.once} role="status">
          <Value label={t('integrations.token')} value={made.token ?? ''} hint={t('integrations.tokens.once')} />
        </div>
      )}
      {making ? (
        <NewTokenForm
          userId={bot.user_id}
          onCancel={() => setMaking(false)}
          onMade={async (token) => {
            setMaking(false);
            setMade(token);
            await tokens.reload();
          }}
        />
      ) : (
        bot.delete_at === 0 && (
          <div className={styles.actions}>
            <Button icon={<Plus size={16} aria-hidden="true" />} onClick={() => setMaking(true)}>
              {t('integrations.tokens.new')}
            </Button>
          </div>
        )
      )}
      <Waiting of={tokens}>
        {(list) =>
          list.length === 0 ? (
            !making && <p className={styles.hint}>{t('integrations.tokens.none')}</p>
          ) : (
            <ul className={styles.rows}>
              {list.map((token) => (
                <Row key={token.id} token={token} onChanged={tokens.reload} />
              ))}
            </ul>
          )
        }
      </Waiting>
    </div>
  );
}

function Row({ token, onChanged }: { token: UserAccessToken; onChanged: () => Promise<void> }) {
  const t = useText();
  const [asking, setAsking] = useState(false);
  const name = token.description || token.id;
  return (
    <li className={styles.row}>
      <KeyRound size={18} aria-hidden="true" />
      <div className={styles.rowWords}>
        <p className={styles.rowTitle}>
          <span dir="auto">{name}</span> {!token.is_active && <Tag>{t('integrations.tokens.off')}</Tag>}
        </p>
        <p className={styles.hint}>
          <TokenReach token={token} />
        </p>
      </div>
      <Button aria-label={t('integrations.tokens.revoke.of', { name })} onClick={() => setAsking(true)}>
        {t('integrations.tokens.revoke')}
      </Button>
      {asking && (
        <ConfirmDialog
          danger
          title={t('integrations.tokens.revoke.title', { name })}
          confirm={t('integrations.tokens.revoke')}
          onConfirm={async () => {
            await revokeToken(token.id);
            await onChanged();
          }}
          onClose={() => setAsking(false)}
        >
          <p>{t('integrations.tokens.revoke.words')}</p>
        </ConfirmDialog>
      )}
    </li>
  );
}
