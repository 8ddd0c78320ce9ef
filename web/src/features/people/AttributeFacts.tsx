import { useIntl } from 'react-intl';
import { useText } from '@/i18n/text';
import { type Attribute, type AttributeValue, attributeList, isSaid } from '@/store/attributes';
import { useApp, useAppShallow } from '@/store/store';
import styles from './AttributeFacts.module.css';
import { PersonButton } from './PersonButton';
import { Tag } from './Tag';
import { UserName } from './UserName';

/** AttributeFacts says what the attributes of a profile say of somebody, each beside its name. */
export function AttributeFacts({ userId }: { userId: string }) {
  const t = useText();
  const list = useAppShallow(({ attributes }) => {
    const said = attributes.values[userId] ?? {};
    return attributeList(attributes).filter(
      ({ id, attrs }) => attrs.visibility === 'always' || (attrs.visibility !== 'hidden' && isSaid(said[id])),
    );
  });
  const said = useApp((state) => state.attributes.values[userId]);
  if (list.length === 0 || !said) return null;
  return (
    <dl className={styles.list} aria-label={t('people.attributes')}>
      {list.map((field) => (
        <div key={field.id} className={styles.fact}>
          <dt dir="auto">{field.name}</dt>
          <dd dir="auto">
            {isSaid(said[field.id]) ? (
              <Value field={field} value={said[field.id] ?? ''} />
            ) : (
              <span className={styles.none}>{t('people.attributes.none')}</span>
            )}
          </dd>
        </div>
      ))}
    </dl>
  );
}

function Value({ field, value }: { field: Attribute; value: AttributeValue }) {
  const many = typeof value === 'string' ? [value] : value;
  switch (field.type) {
    case 'select':
    case 'multiselect':
      return (
        <span className={styles.many}>
          {many.map((id) => (
            <Tag key={id}>{field.attrs.options?.find((option) => option.id === id)?.name ?? '…'}</Tag>
          ))}
        </span>
      );
    case 'user':
    case 'multiuser':
      return (
        <span className={styles.many}>
          {many.map((id) => (
            <PersonButton key={id} userId={id} className={styles.person}>
              <UserName userId={id} />
            </PersonButton>
          ))}
        </span>
      );
    case 'date':
      return <Day date={many[0] ?? ''} />;
    default:
      return <Words kind={field.attrs.value_type} text={many[0] ?? ''} />;
  }
}

/** A day is the same everywhere: it is no moment. */
function Day({ date }: { date: string }) {
  const intl = useIntl();
  const at = Date.parse(`${date}T00:00:00Z`);
  if (Number.isNaN(at)) return <>{date}</>;
  return <>{intl.formatDate(at, { dateStyle: 'long', timeZone: 'UTC' })}</>;
}

function Words({ kind, text }: { kind: Attribute['attrs']['value_type']; text: string }) {
  if (kind === 'email') return <a href={`mailto:${text}`}>{text}</a>;
  if (kind === 'phone') return <a href={`tel:${text.replace(/[^+\d]/g, '')}`}>{text}</a>;
  if (kind === 'url' && /^https?:\/\//i.test(text)) {
    return (
      <a href={text} target="_blank" rel="noopener noreferrer">
        {text.replace(/^https?:\/\//i, '')}
      </a>
    );
  }
  return <>{text}</>;
}
