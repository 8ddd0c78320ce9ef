import type { Group } from '@mattermost/types/groups';
import { describe, expect, it } from 'vitest';
import { type GroupsAction, groups, groupsByName, isIn, noGroups } from './groups';

const group = (fields: Partial<Group>): Group =>
  ({ id: 'g', name: 'design', update_at: 1, delete_at: 0, allow_reference: true, ...fields }) as Group;

const after = (...actions: GroupsAction[]) => actions.reduce(groups, noGroups);

describe('groups', () => {
  it('keep what is newer, and a count that an answer leaves out', () => {
    const known = after({ type: 'groups/received', groups: [group({ update_at: 5, member_count: 3 })] });
    expect(groups(known, { type: 'groups/received', groups: [group({ update_at: 4, name: 'old' })] })).toBe(known);
    const next = groups(known, { type: 'groups/received', groups: [group({ update_at: 6, name: 'draw' })] });
    expect(next.groups.g).toMatchObject({ name: 'draw', member_count: 3 });
  });
  it('are mentioned by name until they are archived', () => {
    const known = after({ type: 'groups/received', groups: [group({})] });
    expect(groupsByName(known).get('design')?.id).toBe('g');
    const gone = groups(known, { type: 'groups/received', groups: [group({ update_at: 2, delete_at: 2 })] });
    expect(groupsByName(gone).size).toBe(0);
  });
  it('one is in: an event that came while the list was asked for counts', () => {
    const asked = noGroups.tick;
    const left = after({ type: 'groups/member', groupId: 'g', on: false });
    expect(isIn(groups(left, { type: 'groups/mine', groups: [group({})], asked }), 'g')).toBe(false);
    expect(isIn(groups(left, { type: 'groups/mine', groups: [group({})], asked: left.tick }), 'g')).toBe(true);
    expect(isIn(groups(left, { type: 'groups/mine', groups: [], asked: left.tick }), 'g')).toBe(false);
  });
});
