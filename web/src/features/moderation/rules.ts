/** The rules of reports, asked for when a form needs them. */
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import type { ReportRules } from '@/api/reports';
import { rules } from './actions';

type Asked = { value?: ReportRules; error?: unknown };

/** Rules asks for them once it is made. */
export class Rules {
  readonly store = createStore<Asked>(() => ({}));

  constructor() {
    rules().then(
      (value) => this.store.setState({ value }),
      (error: unknown) => this.store.setState({ error }),
    );
  }
}

/** useRules reads them. */
export const useRules = (asked: Rules): Asked => useStore(asked.store);
