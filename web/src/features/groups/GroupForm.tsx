import { useId, useState } from 'react';
import { ApiError } from '@/api/http';
import { Finder, pickableOf, useFound } from '@/features/channels/finder';
import { useText } from '@/i18n/text';
import { fold } from '@/markdown/marks';
import { closeDialog, openDialog } from '@/store/commands';
import { useModel } from '@/store/paged';
import type { OpenDialog } from '@/store/place';
import { myProfile, nameFormat } from '@/store/selectors';
import { getState, useApp } from '@/store/store';
import { Button } from '@/ui/Button';
import { ChipPicker, type Pickable } from '@/ui/ChipPicker';
import { Dialog } from '@/ui/Dialog';
import { Form } from '@/ui/Form';
import { TextArea } from '@/ui/TextArea';
import { TextField } from '@/ui/TextField';
import { changeGroup, makeGroup } from './actions';

/** The longest of each, in bytes on the server; what people write in other scripts is told of by its answer. */
const nameMost = 64;
const titleMost = 128;
const descriptionMost = 1024;

/** mentionFrom makes what a group is mentioned by from what it is called. */
export const mentionFrom = (title: string): string =>
  fold(title.trim().toLowerCase())
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[-_.]+|[-_.]+$/g, '')
    .slice(0, nameMost);

const typedMention = (text: string): string =>
  fold(text.toLowerCase())
    .replace(/\s+/g, '-')
    .replace(/[^a-z0-9._-]/g, '')
    .slice(0, nameMost);

/** What the server says of the name stands beside the name. */
const aboutName = (error: unknown): string | undefined =>
  error instanceof ApiError && /group\.name|unique_name|username_conflict/.test(error.id) ? error.message : undefined;

/** GroupForm makes a group, or changes what one is called. */
export function GroupForm({ dialog: { groupId } }: { dialog: Extract<OpenDialog, { kind: 'group-form' }> }) {
  const t = useText();
  const form = useId();
  const back = () => openDialog(groupId ? { kind: 'group', groupId } : { kind: 'groups' });
  return (
    <Dialog
      open
      onClose={groupId ? back : closeDialog}
      title={t(groupId ? 'groups.edit.title' : 'groups.new.title')}
      footer={
        <>
          <Button onClick={back}>{t('ui.cancel')}</Button>
          <Button kind="primary" type="submit" form={form}>
            {t(groupId ? 'groups.save' : 'groups.create')}
          </Button>
        </>
      }
    >
      <Fields id={form} groupId={groupId} />
    </Dialog>
  );
}

function Fields({ id, groupId }: { id: string; groupId: string | undefined }) {
  const t = useText();
  const group = useApp((state) => (groupId ? state.groups.groups[groupId] : undefined));
  const [title, setTitle] = useState(group?.display_name ?? '');
  const [own, setOwn] = useState<string | undefined>(group?.name);
  const [description, setDescription] = useState(group?.description ?? '');
  const [chosen, setChosen] = useState<readonly Pickable[]>(() => (groupId ? [] : oneself()));
  const [tried, setTried] = useState(false);
  const [refused, setRefused] = useState<{ name: string; words: string }>();
  const name = own ?? mentionFrom(title);
  const send = async () => {
    setTried(true);
    if (!title.trim() || !name) return;
    const fields = { name, display_name: title.trim(), description: description.trim() };
    if (groupId) await changeGroup(groupId, fields);
    const shown =
      groupId ??
      (await makeGroup(
        fields,
        chosen.map((one) => one.id),
      ));
    openDialog({ kind: 'group', groupId: shown });
  };
  const takes = (error: unknown) => {
    const words = aboutName(error);
    if (words) setRefused({ name, words });
    return words !== undefined;
  };
  const nameError = refused?.name === name ? refused.words : tried && !name ? t('groups.name.empty') : undefined;
  return (
    <Form id={id} onSubmit={send} onError={takes}>
      <TextField
        label={t('groups.called')}
        value={title}
        maxLength={titleMost}
        focusFirst
        error={tried && !title.trim() ? t('groups.called.empty') : undefined}
        onChange={setTitle}
      />
      <TextField
        label={t('groups.name')}
        hint={t('groups.name.hint')}
        value={name}
        prefix="@"
        maxLength={nameMost}
        spellCheck={false}
        autoCapitalize="none"
        error={nameError}
        onChange={(text) => setOwn(typedMention(text) || undefined)}
      />
      <TextArea
        label={t('groups.description')}
        value={description}
        rows={2}
        maxLength={descriptionMost}
        onChange={setDescription}
      />
      {!groupId && <Picker chosen={chosen} onChange={setChosen} />}
    </Form>
  );
}

/** Whoever makes a group is in it, unless they take themselves out. */
function oneself(): Pickable[] {
  const state = getState();
  const me = myProfile(state);
  return me ? [pickableOf(me, nameFormat(state))] : [];
}

function Picker({ chosen, onChange }: { chosen: readonly Pickable[]; onChange: (next: Pickable[]) => void }) {
  const t = useText();
  const finder = useModel(() => new Finder({}));
  const { options, loading } = useFound(
    finder,
    chosen.map((one) => one.id),
  );
  return (
    <ChipPicker
      label={t('groups.members')}
      placeholder={t('groups.add.placeholder')}
      chosen={chosen}
      options={options}
      loading={loading}
      onQuery={(query) => finder.look(query)}
      onAdd={(one) => onChange([...chosen, one])}
      onRemove={(id) => onChange(chosen.filter((one) => one.id !== id))}
    />
  );
}
