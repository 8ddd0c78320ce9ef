import { ArrowDown, ArrowUp, Pencil, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { deleteAttribute, loadAttributes, moveAttribute } from '@/features/people/attributes';
import { Text, useText } from '@/i18n/text';
import { type Attribute, attributeList } from '@/store/attributes';
import { openDialog } from '@/store/commands';
import { useModel } from '@/store/paged';
import { useApp } from '@/store/store';
import { attempt } from '@/ui/attempt';
import { Button } from '@/ui/Button';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { Dialog } from '@/ui/Dialog';
import { EmptyState } from '@/ui/EmptyState';
import { IconButton } from '@/ui/IconButton';
import { AttributeEditor } from './AttributeEditor';
import styles from './AttributesDialog.module.css';

/** How many a server has at most. */
const most = 20;

/** AttributesDialog is where administrators say what profiles hold. */
export function AttributesDialog() {
  const t = useText();
  useModel(() => attempt(loadAttributes()));
  const list = useApp((state) => attributeList(state.attributes));
  const [editing, setEditing] = useState<Attribute | 'new'>();
  const [leaving, setLeaving] = useState<Attribute>();
  const back = () => openDialog({ kind: 'settings', tab: 'profile' });
  if (editing) {
    return <AttributeEditor field={editing === 'new' ? undefined : editing} onClose={() => setEditing(undefined)} />;
  }
  return (
    <Dialog
      open
      onClose={back}
      title={t('settings.attributes.title')}
      description={t('settings.attributes.about')}
      footer={
        <Button
          kind="primary"
          icon={<Plus size={16} />}
          disabled={list.length >= most}
          onClick={() => setEditing('new')}
        >
          {t('settings.attributes.new')}
        </Button>
      }
    >
      {list.length === 0 ? (
        <EmptyState title={t('settings.attributes.empty')}>{t('settings.attributes.emptyHint')}</EmptyState>
      ) : (
        <ul className={styles.list} aria-label={t('settings.attributes.title')}>
          {list.map((field, index) => (
            <Row
              key={field.id}
              field={field}
              index={index}
              list={list}
              onEdit={() => setEditing(field)}
              onDelete={() => setLeaving(field)}
            />
          ))}
        </ul>
      )}
      {leaving && (
        <ConfirmDialog
          title={t('settings.attributes.deleteTitle', { name: leaving.name })}
          confirm={t('settings.attributes.delete')}
          danger
          onConfirm={() => deleteAttribute(leaving.id)}
          onClose={() => setLeaving(undefined)}
        >
          <Text id="settings.attributes.deleteWords" />
        </ConfirmDialog>
      )}
    </Dialog>
  );
}

interface RowProps {
  field: Attribute;
  index: number;
  list: readonly Attribute[];
  onEdit: () => void;
  onDelete: () => void;
}

function Row({ field, index, list, onEdit, onDelete }: RowProps) {
  const t = useText();
  const { name, type, attrs } = field;
  const move = (step: 1 | -1) => {
    const ids = list.map((one) => one.id);
    ids.splice(index, 1);
    ids.splice(index + step, 0, field.id);
    void attempt(moveAttribute(ids));
  };
  const kind = type === 'rank' ? 'select' : type;
  return (
    <li className={styles.row}>
      <span className={styles.words}>
        <span className={styles.name} dir="auto">
          {name}
        </span>
        <span className={styles.about}>
          {t(`settings.attributes.type.${kind}`)} · {t(`settings.attributes.visible.${attrs.visibility}`)}
        </span>
      </span>
      <IconButton
        label={t('settings.attributes.up', { name })}
        icon={<ArrowUp />}
        disabled={index === 0 || attrs.protected}
        onClick={() => move(-1)}
      />
      <IconButton
        label={t('settings.attributes.down', { name })}
        icon={<ArrowDown />}
        disabled={index === list.length - 1 || attrs.protected}
        onClick={() => move(1)}
      />
      <IconButton
        label={t('settings.attributes.change', { name })}
        icon={<Pencil />}
        disabled={attrs.protected}
        onClick={onEdit}
      />
      <IconButton
        label={t('settings.attributes.remove', { name })}
        icon={<Trash2 />}
        disabled={attrs.protected}
        onClick={onDelete}
      />
    </li>
  );
}
