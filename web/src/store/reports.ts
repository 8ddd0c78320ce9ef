/** Reports that one moderates: those that wait, and those that were decided last. */
import type { Report, ReportQueue } from '@/api/reports';

export type ReportsState = {
  /** One moderates something. */
  moderator: boolean;
  /** How many wait. */
  open: number;
  /** Undefined until it was asked for. */
  waiting?: readonly Report[];
  decided?: readonly Report[];
  /** Who may be given a report, by team. */
  moderators: Readonly<Record<string, readonly string[]>>;
};

export type ReportsAction =
  | { type: 'reports/queue'; queue: ReportQueue; decided: boolean }
  | { type: 'reports/moderators'; teamId: string; userIds: readonly string[] };

export const noReports: ReportsState = { moderator: false, open: 0, moderators: {} };

/** reports is the reducer of this domain. */
export function reports(state: ReportsState, action: ReportsAction): ReportsState {
  if (action.type === 'reports/moderators') {
    return { ...state, moderators: { ...state.moderators, [action.teamId]: action.userIds } };
  }
  const { reports: list, open, moderator } = action.queue;
  return { ...state, open, moderator, ...(action.decided ? { decided: list } : { waiting: list }) };
}
