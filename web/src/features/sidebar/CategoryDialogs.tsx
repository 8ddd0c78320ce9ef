/** The dialogs in which categories are made, renamed and deleted. */
import { useId, useState } from 'react';
import { Text, useText } from '@/i18n/text';
import { closeDialog } from '@/store/commands';
import type { OpenDialog } from '@/store/place';
import { useApp } from '@/store/store';
import { Button } from '@/ui/Button';
import { ConfirmDialog } from '@/ui/ConfirmDialog';
import { Dialog } from '@/ui/Dialog';
import { Form } from '@/ui/Form';
import { TextField } from '@/ui/TextField';
import { createCategory, deleteCategory, renameCategory } from './actions';

/** The longest name, in characters. */
const nameMost = 64;

/** CategoryDialog makes a category, or gives one of one's own another name. */
export function CategoryDialog({ dialog }: { dialog: Extract<OpenDialog, { kind: 'category' }> }) {
  const t = useText();
  const form = useId();
  const { teamId, categoryId, channelId } = dialog;
  const category = useApp((state) => (categoryId ? state.categories[teamId]?.byId[categoryId] : undefined));
  const [name, setName] = useState(category?.display_name ?? '');
  const [tried, setTried] = useState(false);
  const save = async () => {
    setTried(true);
    const wish = name.trim();
    if (!wish) return;
    if (!category) await createCategory(teamId, wish, channelId);
    else if (wish !== category.display_name) await renameCategory(category, wish);
    closeDialog();
  };
  return (
    <Dialog
      open
      onClose={closeDialog}
      size="s"
      title={t(category ? 'sidebar.category.rename' : 'sidebar.category.new')}
      footer={
        <>
          <Button onClick={closeDialog}>{t('ui.cancel')}</Button>
          <Button kind="primary" type="submit" form={form}>
            {t(category ? 'sidebar.category.save' : 'sidebar.category.create')}
          </Button>
        </>
      }
    >
      <Form id={form} onSubmit={save}>
        <TextField
          label={t('sidebar.category.name')}
          value={name}
          maxLength={nameMost}
          focusFirst
          hint={category ? undefined : t('sidebar.category.hint')}
          error={tried && !name.trim() ? t('sidebar.category.empty') : undefined}
          onChange={setName}
        />
      </Form>
    </Dialog>
  );
}

/** DeleteCategoryDialog asks before a category goes. */
export function DeleteCategoryDialog({ dialog }: { dialog: Extract<OpenDialog, { kind: 'delete-category' }> }) {
  const t = useText();
  const { teamId, categoryId } = dialog;
  const name = useApp((state) => state.categories[teamId]?.byId[categoryId]?.display_name ?? '');
  return (
    <ConfirmDialog
      title={t('sidebar.category.delete', { name })}
      confirm={t('sidebar.category.deleteConfirm')}
      danger
      onConfirm={() => deleteCategory(teamId, categoryId)}
      onClose={closeDialog}
    >
      <Text id="sidebar.category.deleteWords" />
    </ConfirmDialog>
  );
}
