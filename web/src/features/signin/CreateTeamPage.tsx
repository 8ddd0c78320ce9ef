import { useEffect, useState } from 'react';
import { Link, useSearchParams } from 'wouter';
import { ApiError } from '@/api/http';
import { Text, useText } from '@/i18n/text';
import { can, myTeamIds } from '@/store/selectors';
import { useApp } from '@/store/store';
import { Button } from '@/ui/Button';
import { Checkbox } from '@/ui/Checkbox';
import { Form } from '@/ui/Form';
import { TextButton } from '@/ui/TextButton';
import { TextField } from '@/ui/TextField';
import { createTeam, isTeamNameTaken, signOut } from './actions';
import { type Problem, say } from './problem';
import { suggestTeamName, teamNameProblem } from './rules';
import { Sheet } from './Sheet';

/** CreateTeamPage makes a team; right after the first account it is the second step of setting up. */
export function CreateTeamPage() {
  const t = useText();
  const [params] = useSearchParams();
  const first = params.has('first');
  const allowed = useApp((state) => can(state, 'create_team'));
  const others = useApp((state) => myTeamIds(state).length > 0);
  const way = first && !others ? <SignOutWay /> : <BackWay />;
  if (!allowed) {
    return (
      <Sheet title={t('signin.create.title')} focusTitle intro={<Text id="signin.create.refused" />} aside={way} />
    );
  }
  return (
    <Sheet
      title={t(first ? 'signin.create.first' : 'signin.create.title')}
      intro={<Text id="signin.create.intro" />}
      aside={way}
      {...(first && { step: t('signin.first.step', { step: 2, of: 2 }) })}
    >
      <CreateTeamForm />
    </Sheet>
  );
}

function BackWay() {
  return (
    <p>
      <Link href="/select_team">
        <Text id="signin.create.back" />
      </Link>
    </p>
  );
}

function SignOutWay() {
  const t = useText();
  return (
    <p>
      <TextButton onClick={() => void signOut()}>{t('signin.signOut')}</TextButton>
    </p>
  );
}

/** useTaken asks, when typing pauses, whether an address is in use. A question without an answer is no obstacle. */
function useTaken(name: string): boolean {
  const [taken, setTaken] = useState('');
  useEffect(() => {
    if (teamNameProblem(name)) return;
    let current = true;
    const timer = setTimeout(async () => {
      const exists = await isTeamNameTaken(name).catch(() => false);
      if (current && exists) setTaken(name);
    }, 350);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [name]);
  return taken !== '' && taken === name;
}

type Wrong = { name?: Problem; address?: Problem };

/** refusedAt puts the server's refusal beside the field that it is about. */
function refusedAt(error: unknown): Wrong | undefined {
  if (!(error instanceof ApiError)) return undefined;
  if (error.id === 'model.team.is_valid.name.app_error') return { name: { words: error.message } };
  return /is_valid\.(url|reserved|characters)|exists|existing/.test(error.id)
    ? { address: { words: error.message } }
    : undefined;
}

function CreateTeamForm() {
  const t = useText();
  const [name, setName] = useState('');
  const [typed, setTyped] = useState<string>();
  const [open, setOpen] = useState(false);
  const [wrong, setWrong] = useState<Wrong>({});
  const address = typed ?? suggestTeamName(name);
  const taken = useTaken(address);
  const send = async () => {
    const problem = teamNameProblem(address);
    const found: Wrong = {
      ...(name.trim() === '' && { name: 'signin.team.name.missing' as const }),
      ...(problem && { address: problem }),
    };
    setWrong(found);
    if (!found.name && !found.address && !taken) await createTeam(address, name, open);
  };
  const refused = (error: unknown) => {
    const found = refusedAt(error);
    if (found) setWrong(found);
    return found !== undefined;
  };
  return (
    <Form onSubmit={send} onError={refused}>
      <TextField
        label={t('signin.team.name')}
        hint={t('signin.team.name.hint')}
        name="organization"
        autoComplete="off"
        maxLength={64}
        focusFirst
        value={name}
        onChange={(next) => {
          setName(next);
          setWrong({});
        }}
        error={say(t, wrong.name)}
      />
      <TextField
        label={t('signin.team.address')}
        name="team-address"
        prefix={`${window.location.host}/`}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        maxLength={64}
        value={address}
        onChange={(next) => {
          setTyped(next === '' ? undefined : next.toLowerCase().replace(/\s+/g, '-'));
          setWrong({});
        }}
        error={say(t, wrong.address ?? (taken ? 'signin.team.address.taken' : undefined))}
      />
      <Checkbox label={t('signin.team.open')} hint={t('signin.team.open.hint')} checked={open} onChange={setOpen} />
      <Button type="submit" kind="primary" wide>
        {t('signin.create.submit')}
      </Button>
    </Form>
  );
}
