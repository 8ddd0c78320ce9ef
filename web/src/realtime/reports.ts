/** Loads what one moderates. */
import * as api from '@/api/reports';
import { isOn } from '@/store/selectors';
import { dispatch, getState } from '@/store/store';
import { needUsers } from './load';

/** loadReports asks for the reports that wait, or for those that were decided. It fails with an `ApiError`. */
export async function loadReports(decided = false): Promise<void> {
  const queue = await api.getReports(decided);
  dispatch({ type: 'reports/queue', queue, decided });
  await needUsers(queue.reports.flatMap((one) => [one.author_id, one.reporter_id, one.reviewer_id, one.actor_id]));
}

/** needReports learns whether one moderates something, and what waits. It never fails. */
export async function needReports(): Promise<void> {
  if (isOn(getState(), 'ContentFlaggingEnabled')) await loadReports().catch(() => undefined);
}

/** reportsChanged brings the lists that were looked at up to date. */
export async function reportsChanged(): Promise<void> {
  await needReports();
  if (getState().reports.decided) await loadReports(true);
}
