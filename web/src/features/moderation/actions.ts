/** Commands about reports. Each but `needModerators` fails with an `ApiError`. */
import * as api from '@/api/reports';
import { loadReports } from '@/realtime/reports';
import { dispatch, getState } from '@/store/store';

/** rules asks which reasons there are, and when words of one's own are wanted. */
export const rules = (): Promise<api.ReportRules> => api.getReportRules();

/** report brings a message before the moderators. */
export const report = (postId: string, reason: string, comment: string): Promise<unknown> =>
  api.reportPost(postId, reason, comment);

/** decide keeps a reported message, or removes it for good. */
export async function decide(postId: string, act: 'keep' | 'remove', comment: string): Promise<void> {
  await api.decideReport(postId, act, comment);
  await Promise.all([loadReports(false), loadReports(true)]);
}

/** assign gives a report to a moderator. */
export async function assign(postId: string, userId: string): Promise<void> {
  await api.assignReport(postId, userId);
  await loadReports(false);
}

const asked = new Set<string>();

/** needModerators loads who may be given the reports of a team. It never fails: one can still take them on oneself. */
export async function needModerators(teamId: string): Promise<void> {
  if (teamId === '' || getState().reports.moderators[teamId] || asked.has(teamId)) return;
  asked.add(teamId);
  try {
    const users = await api.getModerators(teamId);
    dispatch(
      { type: 'users/received', users },
      { type: 'reports/moderators', teamId, userIds: users.map((user) => user.id) },
    );
  } catch {
    // Nobody else is offered.
  } finally {
    asked.delete(teamId);
  }
}
