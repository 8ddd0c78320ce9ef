import type { UserProfile } from '@mattermost/types/users';
import { useState } from 'react';
import { listPeople, type PeopleFilter, searchPeople } from '@/api/admin';
import { Tag } from '@/features/people/Tag';
import { UserAvatar } from '@/features/people/UserAvatar';
import { type TextId, useText } from '@/i18n/text';
import { can } from '@/store/selectors';
import { dispatch, useApp } from '@/store/store';
import { attempt } from '@/ui/attempt';
import { Button } from '@/ui/Button';
import { Select } from '@/ui/Select';
import { TextButton } from '@/ui/TextButton';
import { TextField } from '@/ui/TextField';
import { toast } from '@/ui/toast';
import { useFound } from '@/ui/useFound';
import { Bar, Moment, Pager, Table, Waiting } from './parts';
import { allPeople, csvMost, csvOf, save } from './people/csv';
import { NewPersonDialog } from './people/NewPersonDialog';
import { PersonDialog } from './people/PersonDialog';
import { roleOf } from './people/roles';

const perPage = 50;

const filters = {
  all: {},
  active: { active: true },
  inactive: { inactive: true },
  admins: { role: 'system_admin' },
  guests: { role: 'system_guest' },
  teamless: { without_team: true },
} satisfies Record<string, PeopleFilter>;
type Which = keyof typeof filters;

/** usePeople asks for a page of accounts, or for those that fit what is typed. */
function usePeople(term: string, which: Which, page: number) {
  const wanted = term.trim();
  const ask = async () => {
    const filter: PeopleFilter = filters[which];
    const list = await (wanted ? searchPeople(wanted, filter) : listPeople(filter, page, perPage));
    dispatch({ type: 'users/received', users: list });
    return list;
  };
  return useFound(ask, `${which} ${page} ${wanted}`);
}

/** PeoplePage finds accounts, makes new ones and opens one to change it. */
export function PeoplePage() {
  const t = useText();
  const [term, setTerm] = useState('');
  const [which, setWhich] = useState<Which>('all');
  const [page, setPage] = useState(0);
  const [opened, setOpened] = useState<string>();
  const [making, setMaking] = useState(false);
  const [saving, setSaving] = useState(false);
  const found = usePeople(term, which, page);
  const list = found.value;
  const reload = () => void found.reload();
  const writes = useApp((state) => can(state, 'sysconsole_write_user_management_users'));
  const csv = async () => {
    setSaving(true);
    const reading = allPeople(term.trim(), filters[which]).then((people) => {
      save('parley-accounts.csv', csvOf(people));
      if (people.length >= csvMost) toast(t('admin.users.csv.most', { count: people.length }));
    });
    await attempt(reading);
    setSaving(false);
  };
  const pick = (next: Which) => {
    setWhich(next);
    setPage(0);
  };
  return (
    <>
      <Bar>
        <TextField
          type="search"
          label={t('admin.users.find')}
          value={term}
          onChange={(next) => {
            setTerm(next);
            setPage(0);
          }}
        />
        <Select<Which>
          label={t('admin.users.which')}
          value={which}
          onChange={pick}
          options={(Object.keys(filters) as Which[]).map((value) => ({
            value,
            label: t(`admin.users.which.${value}`),
          }))}
        />
        <Button busy={saving} onClick={() => void csv()}>
          {t('admin.users.csv')}
        </Button>
        {writes && (
          <Button kind="primary" onClick={() => setMaking(true)}>
            {t('admin.users.new')}
          </Button>
        )}
      </Bar>
      <Waiting of={found}>{(people) => <People list={people} onOpen={setOpened} />}</Waiting>
      {list && term.trim() === '' && <Pager page={page} more={list.length === perPage} onTurn={setPage} />}
      {opened && <PersonDialog userId={opened} onClose={() => setOpened(undefined)} onChanged={reload} />}
      {making && <NewPersonDialog onClose={() => setMaking(false)} onMade={reload} />}
    </>
  );
}

function People({ list, onOpen }: { list: UserProfile[]; onOpen: (id: string) => void }) {
  const t = useText();
  return (
    <Table
      label={t('admin.page.users')}
      empty={t('admin.users.none')}
      rows={list}
      keyOf={(user) => user.id}
      columns={[
        {
          id: 'name',
          title: t('admin.users.account'),
          cell: (user) => (
            <>
              <UserAvatar userId={user.id} size={24} />{' '}
              <TextButton onClick={() => onOpen(user.id)}>{user.username}</TextButton>
            </>
          ),
        },
        { id: 'full', title: t('admin.users.name'), cell: (user) => `${user.first_name} ${user.last_name}`.trim() },
        { id: 'mail', title: t('admin.users.mail'), cell: (user) => user.email },
        {
          id: 'role',
          title: t('admin.users.role'),
          cell: (user) => (
            <>
              {t(`admin.role.${user.is_bot ? 'bot' : roleOf(user.roles)}` as TextId)}
              {user.delete_at > 0 && (
                <>
                  {' '}
                  <Tag>{t('admin.users.inactive')}</Tag>
                </>
              )}
            </>
          ),
        },
        { id: 'since', title: t('admin.users.since'), cell: (user) => <Moment at={user.create_at} /> },
      ]}
    />
  );
}
