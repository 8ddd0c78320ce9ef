import { useState } from 'react';
import { useApp } from '@/store/store';
import { Button } from '@/ui/Button';
import { Form } from '@/ui/Form';
import { AccountFields } from './AccountFields';
import { type Account, type AccountErrors, accountProblems, emptyAccount, refusedField } from './account';

/** What the server will not take; it is told at the fields already. */
class Unready extends Error {}

export interface AccountFormProps {
  submit: string;
  /** The address of an invitation. */
  email?: string | undefined;
  onSubmit: (account: Account) => Promise<unknown>;
}

/** AccountForm makes an account; what the server refuses stands beside the field that it is about. */
export function AccountForm({ submit, email, onSubmit }: AccountFormProps) {
  const config = useApp((state) => state.server.config);
  const [account, setAccount] = useState<Account>({ ...emptyAccount, email: email ?? '' });
  const [errors, setErrors] = useState<AccountErrors>({});
  const send = async () => {
    const problems = accountProblems(account, config);
    setErrors(problems ?? {});
    if (problems) throw new Unready();
    await onSubmit(account);
  };
  const refused = (error: unknown) => {
    if (error instanceof Unready) return true;
    const problems = refusedField(error);
    if (problems) setErrors(problems);
    return problems !== undefined;
  };
  const change = (next: Account) => {
    setAccount(next);
    // What one is correcting is no longer wrong until it is sent again.
    const changed = (Object.keys(next) as (keyof Account)[]).filter((key) => next[key] !== account[key] && errors[key]);
    if (changed.length > 0)
      setErrors(Object.fromEntries(Object.entries(errors).filter(([key]) => !changed.includes(key as keyof Account))));
  };
  return (
    <Form onSubmit={send} onError={refused}>
      <AccountFields account={account} onChange={change} errors={errors} fixedEmail={email !== undefined} />
      <Button type="submit" kind="primary" wide>
        {submit}
      </Button>
    </Form>
  );
}
