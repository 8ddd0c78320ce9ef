import { useState } from 'react';
import { getRoles, patchRole, type Role } from '@/api/admin';
import { type TextId, useText } from '@/i18n/text';
import { can } from '@/store/selectors';
import { useApp } from '@/store/store';
import { Button } from '@/ui/Button';
import { Checkbox } from '@/ui/Checkbox';
import { Form } from '@/ui/Form';
import { Select } from '@/ui/Select';
import { toast } from '@/ui/toast';
import { useLoaded } from '@/ui/useLoaded';
import { Bar, Lead, Waiting } from './parts';
import { groupsOf, otherPermissions, shownRoles } from './permissions';
import styles from './Roles.module.css';

/** RolesPage says what those may do who have a role, and changes it. */
export function RolesPage() {
  const t = useText();
  const roles = useLoaded(getRoles);
  const [name, setName] = useState<string>(shownRoles[0]);
  return (
    <>
      <Lead>{t('admin.roles.lead')}</Lead>
      <Bar>
        <Select
          label={t('admin.roles.role')}
          hint={t(`admin.role.${name}.hint` as TextId)}
          value={name}
          onChange={setName}
          options={shownRoles.map((value) => ({ value, label: t(`admin.role.${value}` as TextId) }))}
        />
      </Bar>
      <Waiting of={roles}>
        {(list) => {
          const role = list.find((one) => one.name === name);
          return role && <RoleForm key={role.id} role={role} onSaved={roles.reload} />;
        }}
      </Waiting>
    </>
  );
}

function RoleForm({ role, onSaved }: { role: Role; onSaved: () => Promise<void> }) {
  const t = useText();
  const writes = useApp((state) => can(state, 'sysconsole_write_user_management_permissions'));
  const [held, setHeld] = useState(() => new Set(role.permissions));
  // What administrators may do is not taken from them: nobody could give it back.
  const fixed = role.name === 'system_admin' || !writes;
  const flip = (permission: string, on: boolean) => {
    const next = new Set(held);
    if (on) next.add(permission);
    else next.delete(permission);
    setHeld(next);
  };
  const save = async () => {
    await patchRole(role.id, [...held]);
    toast(t('admin.saved'));
    await onSaved();
  };
  const others = otherPermissions(role);
  return (
    <Form onSubmit={save}>
      <div className={styles.groups}>
        {groupsOf(role.name).map((group) => (
          <fieldset key={group.id} className={styles.group} disabled={fixed}>
            <legend>{t(`admin.permissions.${group.id}`)}</legend>
            {group.permissions.map((permission) => (
              <Checkbox
                key={permission}
                label={t(`admin.permission.${permission}`)}
                checked={held.has(permission)}
                disabled={fixed}
                onChange={(on) => flip(permission, on)}
              />
            ))}
          </fieldset>
        ))}
      </div>
      {others.length > 0 && (
        <details className={styles.others}>
          <summary>{t('admin.roles.others', { count: others.length })}</summary>
          <div className={styles.plain}>
            {others.map((permission) => (
              <Checkbox
                key={permission}
                label={<code>{permission}</code>}
                checked={held.has(permission)}
                disabled={fixed}
                onChange={(on) => flip(permission, on)}
              />
            ))}
          </div>
        </details>
      )}
      {!fixed && (
        <div className={styles.submit}>
          <Button type="submit" kind="primary">
            {t('admin.save')}
          </Button>
        </div>
      )}
    </Form>
  );
}
