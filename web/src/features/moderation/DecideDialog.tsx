import { useId, useState } from 'react';
import type { Report } from '@/api/reports';
import { useText } from '@/i18n/text';
import { useModel } from '@/store/paged';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Form } from '@/ui/Form';
import { TextArea } from '@/ui/TextArea';
import { decide } from './actions';
import { Rules, useRules } from './rules';

const commentMost = 1000;

interface Props {
  report: Report;
  act: 'keep' | 'remove';
  onClose: () => void;
}

/** DecideDialog asks why a message is kept or removed, and says what that means. */
export function DecideDialog({ report, act, onClose }: Props) {
  const t = useText();
  const form = useId();
  const { value } = useRules(useModel(() => new Rules()));
  const required = value?.reviewer_comment_required ?? true;
  const [comment, setComment] = useState('');
  const [tried, setTried] = useState(false);
  const missing = required && !comment.trim();
  const send = async () => {
    setTried(true);
    if (missing) return;
    await decide(report.post_id, act, comment.trim());
    onClose();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      size="s"
      title={t(`moderation.${act}.title`)}
      description={t(`moderation.${act}.words`)}
      footer={
        <>
          <Button onClick={onClose}>{t('ui.cancel')}</Button>
          <Button kind={act === 'remove' ? 'danger' : 'primary'} type="submit" form={form}>
            {t(`moderation.${act}`)}
          </Button>
        </>
      }
    >
      <Form id={form} onSubmit={send}>
        <TextArea
          label={t(required ? 'moderation.why' : 'moderation.why.optional')}
          value={comment}
          rows={3}
          maxLength={commentMost}
          error={tried && missing ? t('moderation.comment.empty') : undefined}
          onChange={setComment}
        />
      </Form>
    </Dialog>
  );
}
