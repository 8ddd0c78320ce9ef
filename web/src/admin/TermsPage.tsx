import { useState } from 'react';
import { getTerms, patchSettings, saveTerms } from '@/api/admin';
import { ApiError } from '@/api/http';
import { useText } from '@/i18n/text';
import { isOn } from '@/store/selectors';
import { useApp } from '@/store/store';
import { Button } from '@/ui/Button';
import { Form } from '@/ui/Form';
import { Switch } from '@/ui/Switch';
import { TextArea } from '@/ui/TextArea';
import { TextField } from '@/ui/TextField';
import { toast } from '@/ui/toast';
import { useLoaded } from '@/ui/useLoaded';
import { Lead, Waiting } from './parts';
import styles from './people/People.module.css';

const load = async (): Promise<string> => {
  try {
    return (await getTerms()).text;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return '';
    throw error;
  }
};

/** TermsPage holds the words that everybody has to agree to before they go on. */
export function TermsPage() {
  const t = useText();
  const terms = useLoaded(load);
  return (
    <>
      <Lead>{t('admin.terms.lead')}</Lead>
      <Waiting of={terms}>{(text) => <TermsForm text={text} />}</Waiting>
    </>
  );
}

function TermsForm({ text: kept }: { text: string }) {
  const t = useText();
  const wasOn = useApp((state) => isOn(state, 'EnableCustomTermsOfService'));
  const period = useApp((state) => state.server.config.CustomTermsOfServiceReAcceptancePeriod ?? '365');
  const [on, setOn] = useState(wasOn);
  const [text, setText] = useState(kept);
  const [days, setDays] = useState(period);
  const save = async () => {
    await patchSettings({
      SupportSettings: {
        CustomTermsOfServiceEnabled: on,
        CustomTermsOfServiceReAcceptancePeriod: Number(days),
      },
    });
    // The server takes terms only while they are asked for.
    if (on && text.trim() !== '' && text !== kept) await saveTerms(text);
    toast(t('admin.saved'));
  };
  return (
    <Form onSubmit={save} className={styles.form}>
      <Switch label={t('admin.terms.on')} checked={on} onChange={setOn} />
      <TextArea
        label={t('admin.terms.text')}
        hint={t('admin.terms.text.hint')}
        rows={14}
        value={text}
        onChange={setText}
      />
      <TextField type="number" min={1} label={t('admin.terms.again')} value={days} onChange={setDays} />
      <div className={styles.submit}>
        <Button type="submit" kind="primary">
          {t('admin.save')}
        </Button>
      </div>
    </Form>
  );
}
