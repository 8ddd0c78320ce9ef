import type { UserProfile } from '@mattermost/types/users';
import { Trash2, Upload } from 'lucide-react';
import { pictureUrl } from '@/api/users';
import { needAttributes } from '@/features/people/attributes';
import { Text, useText } from '@/i18n/text';
import { attributeList } from '@/store/attributes';
import { openDialog } from '@/store/commands';
import { useModel } from '@/store/paged';
import { displayName, isOn, isSystemAdmin, myProfile } from '@/store/selectors';
import { useApp } from '@/store/store';
import { Avatar } from '@/ui/Avatar';
import { Button } from '@/ui/Button';
import { FormError } from '@/ui/FormError';
import { AttributesForm } from './AttributesForm';
import { removePicture, savePicture } from './actions';
import { PictureEditor } from './PictureEditor';
import { EmailForm, NamesForm, UsernameForm } from './ProfileForms';
import styles from './ProfilePanel.module.css';
import { Panel, SavedNote, Section } from './parts';
import { useChosenPicture } from './useChosenPicture';
import { useSaving } from './useSaving';

/** ProfilePanel is who one is to others: picture, names, username, address. */
export function ProfilePanel() {
  const t = useText();
  const me = useApp(myProfile);
  const confirms = useApp((state) => isOn(state, 'RequireEmailVerification'));
  if (!me) return null;
  // Accounts of a directory or another site get their names from there.
  const foreign = me.auth_service !== '';
  return (
    <Panel>
      <Section title={t('settings.picture')}>
        <Picture me={me} />
      </Section>
      <Section title={t('settings.names')} hint={foreign ? t('settings.foreign') : undefined}>
        <NamesForm me={me} foreign={foreign} />
      </Section>
      <Attributes userId={me.id} />
      <Section title={t('settings.username')} hint={t('settings.username.hint')}>
        <UsernameForm key={me.username} me={me} foreign={foreign} />
      </Section>
      <Section title={t('settings.email')} hint={t(confirms ? 'settings.email.confirmed' : 'settings.email.hint')}>
        <EmailForm key={me.email} me={me} foreign={foreign} confirms={confirms} />
      </Section>
    </Panel>
  );
}

/** What profiles hold beside names; administrators also say what that is. */
function Attributes({ userId }: { userId: string }) {
  const t = useText();
  useModel(() => needAttributes(userId));
  const fields = useApp((state) => attributeList(state.attributes));
  const known = useApp((state) => state.attributes.values[userId] !== undefined);
  const admin = useApp((state) => isSystemAdmin(state) && state.attributes.fields !== undefined);
  if (!admin && (fields.length === 0 || !known)) return null;
  return (
    <Section title={t('settings.attributes')} hint={fields.length > 0 ? t('settings.attributes.hint') : undefined}>
      {known && fields.length > 0 && <AttributesForm fields={fields} />}
      {admin && (
        <div>
          <Button onClick={() => openDialog({ kind: 'attributes' })}>{t('settings.attributes.manage')}</Button>
        </div>
      )}
    </Section>
  );
}

function Picture({ me }: { me: UserProfile }) {
  const t = useText();
  const name = useApp((state) => displayName(state, me.id));
  const { picture, error, ask, done, input } = useChosenPicture();
  const { saving, run } = useSaving();
  if (picture) {
    return (
      <PictureEditor
        picture={picture}
        onCancel={done}
        onSave={async (blob) => {
          await savePicture(blob);
          done();
        }}
      />
    );
  }
  return (
    <div className={styles.picture}>
      <Avatar src={pictureUrl(me)} name={name} size={88} />
      <div className={styles.about}>
        <div className={styles.buttons}>
          <Button icon={<Upload size={16} aria-hidden="true" />} onClick={ask}>
            <Text id="settings.picture.choose" />
          </Button>
          {me.last_picture_update > 0 && (
            <Button
              kind="plain"
              icon={<Trash2 size={16} aria-hidden="true" />}
              busy={saving.kind === 'saving'}
              onClick={() => void run(removePicture)}
            >
              <Text id="settings.picture.remove" />
            </Button>
          )}
          <SavedNote saving={saving} />
        </div>
        <p className={styles.hint}>{t('settings.picture.hint')}</p>
        <FormError error={error ?? (saving.kind === 'failed' ? saving.error : null)} />
      </div>
      {input}
    </div>
  );
}
