import { useId, useState } from 'react';
import { useText } from '@/i18n/text';
import { closeDialog } from '@/store/commands';
import { useModel } from '@/store/paged';
import type { OpenDialog } from '@/store/place';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Form } from '@/ui/Form';
import { FormError } from '@/ui/FormError';
import { Select } from '@/ui/Select';
import { SkeletonRow } from '@/ui/Skeleton';
import { TextArea } from '@/ui/TextArea';
import { toast } from '@/ui/toast';
import { report } from './actions';
import { Rules, useRules } from './rules';

const commentMost = 1000;

/** ReportDialog brings a message before the moderators: why, and in one's own words. */
export function ReportDialog({ dialog }: { dialog: Extract<OpenDialog, { kind: 'report-post' }> }) {
  const t = useText();
  const form = useId();
  const { value, error } = useRules(useModel(() => new Rules()));
  return (
    <Dialog
      open
      onClose={closeDialog}
      title={t('moderation.report.title')}
      description={t('moderation.report.about')}
      footer={
        <>
          <Button onClick={closeDialog}>{t('ui.cancel')}</Button>
          <Button kind="primary" type="submit" form={form} disabled={!value}>
            {t('moderation.report.send')}
          </Button>
        </>
      }
    >
      {value && (
        <Fields
          id={form}
          postId={dialog.postId}
          reasons={value.reasons}
          commentRequired={value.reporter_comment_required}
        />
      )}
      {!value && !error && <SkeletonRow rows={2} />}
      <FormError error={error} />
    </Dialog>
  );
}

interface FieldsProps {
  id: string;
  postId: string;
  reasons: readonly string[];
  commentRequired: boolean;
}

function Fields({ id, postId, reasons, commentRequired }: FieldsProps) {
  const t = useText();
  const [reason, setReason] = useState('');
  const [comment, setComment] = useState('');
  const [tried, setTried] = useState(false);
  const missing = commentRequired && !comment.trim();
  const send = async () => {
    setTried(true);
    if (!reason || missing) return;
    await report(postId, reason, comment.trim());
    toast(t('moderation.report.done'));
    closeDialog();
  };
  const options = reasons.map((value) => ({ value, label: value }));
  return (
    <Form id={id} onSubmit={send}>
      <Select
        label={t('moderation.reason')}
        value={reason}
        options={[{ value: '', label: t('moderation.reason.choose') }, ...options]}
        error={tried && !reason ? t('moderation.reason.empty') : undefined}
        onChange={setReason}
      />
      <TextArea
        label={t(commentRequired ? 'moderation.comment' : 'moderation.comment.optional')}
        value={comment}
        rows={3}
        maxLength={commentMost}
        error={tried && missing ? t('moderation.comment.empty') : undefined}
        onChange={setComment}
      />
    </Form>
  );
}
