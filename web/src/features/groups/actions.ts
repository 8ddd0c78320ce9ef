/** Commands about groups. Each fails with an `ApiError`, which a dialog or a notice shows. */
import * as groupsApi from '@/api/groups';
import { needMyGroups, needPresence } from '@/realtime/load';
import { PagedList } from '@/store/paged';
import { dispatch, getState } from '@/store/store';

/** Scope is which groups a list is of: all, those one is in, or the archived ones. */
export type Scope = 'all' | 'mine' | 'archived';

const pageSize = 60;

function keep<T extends groupsApi.Group | readonly groupsApi.Group[]>(came: T): T {
  dispatch({ type: 'groups/received', groups: Array.isArray(came) ? came : [came as groupsApi.Group] });
  return came;
}

/** groupList lists groups by id. */
export function groupList(scope: Scope): PagedList<string> {
  void needMyGroups();
  const ask = async (query: groupsApi.GroupQuery, signal?: AbortSignal): Promise<string[]> => {
    const groups = await groupsApi.listGroups(
      {
        per_page: pageSize,
        include_member_count: true,
        ...(scope === 'mine' && { filter_has_member: getState().users.me }),
        ...(scope === 'archived' && { filter_archived: true }),
        ...query,
      },
      signal,
    );
    return keep(groups).map((group) => group.id);
  };
  return new PagedList({
    size: pageSize,
    page: (page) => ask({ page }),
    find: (q, signal) => ask({ q }, signal),
  });
}

/** peopleOf lists the members of a group by id. */
export function peopleOf(groupId: string): PagedList<string> {
  void needMyGroups();
  void groupsApi
    .getGroup(groupId)
    .then(keep)
    .catch(() => undefined);
  const page = async (number: number): Promise<string[]> => {
    const { members } = await groupsApi.getGroupMembers(groupId, number, pageSize);
    dispatch({ type: 'users/received', users: members });
    const ids = members.map((user) => user.id);
    void needPresence(ids);
    return ids;
  };
  return new PagedList({ size: pageSize, page, find: async () => [] });
}

/** makeGroup makes a group of some people and returns its id. */
export async function makeGroup(fields: groupsApi.GroupFields, userIds: string[]): Promise<string> {
  return keep(await groupsApi.createGroup(fields, userIds)).id;
}

/** changeGroup changes what a group is called. */
export const changeGroup = async (groupId: string, fields: groupsApi.GroupFields): Promise<unknown> =>
  keep(await groupsApi.patchGroup(groupId, fields));

/** archiveGroup archives a group: it is no longer mentioned nor listed. */
export const archiveGroup = async (groupId: string): Promise<unknown> => keep(await groupsApi.archiveGroup(groupId));

/** restoreGroup takes an archived group back. */
export const restoreGroup = async (groupId: string): Promise<unknown> => keep(await groupsApi.restoreGroup(groupId));

/** addToGroup adds people to a group. */
export const addToGroup = (groupId: string, userIds: string[]): Promise<unknown> =>
  groupsApi.addGroupMembers(groupId, userIds);

/** removeFromGroup takes somebody out of a group, perhaps oneself. */
export const removeFromGroup = (groupId: string, userId: string): Promise<unknown> =>
  groupsApi.removeGroupMembers(groupId, [userId]);
