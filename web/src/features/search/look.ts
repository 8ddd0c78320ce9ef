/** Looks for what a query asks. */
import { dispatch, getState } from '@/store/store';
import { isEmptyQuery } from './query';
import { rememberSearch } from './recent';
import { awaitResults } from './results';

/** The team that is searched: this one, unless all were chosen for the search before. */
function searchedTeam(): string {
  const { pane, teamId } = getState().place;
  return pane?.kind === 'search' && pane.teamId === '' ? '' : teamId;
}

/** What is looked for: what the search before was about, unless somebody says so. */
function searchedWhat(): 'messages' | 'files' {
  const { pane } = getState().place;
  return pane?.kind === 'search' && pane.what === 'files' ? 'files' : 'messages';
}

/** search shows what is found for a query; a query that asks for nothing shows nothing. */
export function search(text: string, teamId = searchedTeam(), what = searchedWhat()): void {
  const terms = text.trim();
  if (isEmptyQuery(terms)) return;
  rememberSearch(terms);
  awaitResults();
  dispatch({ type: 'place/pane', pane: { kind: 'search', terms, teamId, ...(what === 'files' && { what }) } });
}
