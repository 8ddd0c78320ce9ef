import { useId, useRef, useState } from 'react';
import * as api from '@/api/actions';
import { useText } from '@/i18n/text';
import { Markdown } from '@/markdown/Markdown';
import { closeDialog } from '@/store/commands';
import type { OpenDialog } from '@/store/place';
import { attempt } from '@/ui/attempt';
import { Button } from '@/ui/Button';
import { Dialog } from '@/ui/Dialog';
import { Form } from '@/ui/Form';
import { useBaseContext } from '../surroundings';
import { ElementField } from './ElementField';
import { type Element, elementsOf, type ProblemId, problemOf, submissionOf, type Value, valuesOf } from './elements';
import styles from './InteractiveDialog.module.css';

type Request = Extract<OpenDialog, { kind: 'interactive' }>;

/** A form as it stands: the first one, or one that followed. */
interface Step {
  dialog: api.Dialog;
  elements: readonly Element[];
  values: ReturnType<typeof valuesOf>;
  errors: Readonly<Record<string, string>>;
}

const stepOf = (dialog: api.Dialog, before?: Step['values']): Step => {
  const elements = elementsOf(dialog);
  return { dialog, elements, values: valuesOf(elements, before), errors: {} };
};

/** InteractiveDialog is a form that a program puts before somebody, one step after another until the program is content. */
export function InteractiveDialog({ dialog: request }: { dialog: Request }) {
  const t = useText();
  const form = useId();
  const context = useBaseContext();
  const asked = useSteps(request);
  const { step, busy } = asked;
  const { title, icon_url: icon, introduction_text: introduction, submit_label: submit } = step.dialog;
  const cancel = () => {
    closeDialog();
    if (step.dialog.notify_on_cancel) void attempt(api.submitDialog(asked.filled({ submission: {}, cancelled: true })));
  };
  return (
    <Dialog
      open
      onClose={cancel}
      title={
        <span className={styles.title}>
          {icon && /^(?:https?:\/\/|\/)/i.test(icon) && (
            <img src={context.imageUrl?.(icon) ?? icon} alt="" width={24} height={24} />
          )}
          <span dir="auto">{title}</span>
        </span>
      }
      footer={
        <>
          <Button onClick={cancel}>{t('ui.cancel')}</Button>
          <Button type="submit" form={form} kind="primary" busy={busy}>
            {submit || t('messages.interactive.submit')}
          </Button>
        </>
      }
    >
      <Form id={form} className={styles.form} onSubmit={asked.submit}>
        {introduction && <Markdown text={introduction} context={context} />}
        {step.elements.map((element) => (
          <ElementField
            key={element.name}
            element={element}
            value={step.values[element.name] ?? ''}
            error={step.errors[element.name]}
            teamId={request.teamId}
            onChange={(value) => asked.set(element, value)}
            onLookup={(query, signal) => asked.lookup(element, query, signal)}
          />
        ))}
      </Form>
    </Dialog>
  );
}

type More = Partial<api.Filled> & Pick<api.Filled, 'submission'>;

/** useSteps keeps the form, sends it, and takes what comes of that. */
function useSteps({ request, channelId, teamId }: Request) {
  const t = useText();
  const [step, setStep] = useState(() => stepOf(request.dialog));
  const [busy, setBusy] = useState(false);
  const now = useRef(step);
  const put = (next: Step) => {
    now.current = next;
    setStep(next);
  };
  const filled = (more: More): api.Filled => ({
    url: request.url,
    callback_id: now.current.dialog.callback_id ?? '',
    state: now.current.dialog.state ?? '',
    channel_id: channelId,
    team_id: teamId,
    cancelled: false,
    ...more,
  });
  const submission = () => submissionOf(now.current.elements, now.current.values);
  const submit = async () => {
    const errors = problemsOf(now.current, (id, count) => t(`messages.interactive.${id}`, { count: count ?? 0 }));
    put({ ...now.current, errors });
    if (Object.keys(errors).length > 0) return;
    setBusy(true);
    try {
      const judged = await api.submitDialog(filled({ submission: submission() }));
      if (judged.type === 'form' && judged.form) return put(stepOf(judged.form));
      const named = judged.errors ?? {};
      put({ ...now.current, errors: named });
      // What is said of no field of this form is said of the form.
      const others = Object.keys(named).filter((name) => !now.current.elements.some((one) => one.name === name));
      const words = [judged.error, ...others.map((name) => named[name])].filter(Boolean);
      if (words.length > 0) throw new Error(words.join(' '));
      if (Object.keys(named).length === 0) closeDialog();
    } finally {
      setBusy(false);
    }
  };
  const refresh = async (changed: string) => {
    const url = now.current.dialog.source_url || request.url;
    const sent = { ...submission(), selected_field: changed };
    const judged = await api.submitDialog(filled({ type: 'refresh', url, submission: sent }));
    if (judged.type === 'form' && judged.form) put(stepOf(judged.form, now.current.values));
    else if (judged.error) throw new Error(judged.error);
  };
  const set = (element: Element, value: Value) => {
    const { [element.name]: _, ...errors } = now.current.errors;
    put({ ...now.current, values: { ...now.current.values, [element.name]: value }, errors });
    // Words change with each key; what depends on them waits until the form is sent.
    if (element.refresh && element.kind !== 'text' && element.kind !== 'textarea') void attempt(refresh(element.name));
  };
  const lookup = async (element: Element, query: string, signal: AbortSignal) => {
    const url = (element.kind === 'select' && element.lookupUrl) || request.url;
    const sent = { ...submission(), query, selected_field: element.name };
    const { items } = await api.lookupDialog(filled({ url, submission: sent }), signal);
    return (items ?? []).map((one) => ({ id: one.value, label: one.text || one.value }));
  };
  return { step, busy, filled, submit, set, lookup };
}

function problemsOf(step: Step, say: (id: ProblemId, count?: number) => string): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const element of step.elements) {
    const problem = problemOf(element, step.values[element.name]);
    if (problem) errors[element.name] = say(problem.id, problem.count);
  }
  return errors;
}
