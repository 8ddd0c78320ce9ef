/** Which previews are folded. Rows come and go as one scrolls; what somebody folded stays so. */
import { useStore } from 'zustand';
import { createStore } from 'zustand/vanilla';
import { useView } from '../view';

const turned = createStore<Readonly<Record<string, boolean>>>(() => ({}));

/** useFold tells whether the previews of a message are folded, and turns that. */
export function useFold(postId: string): [folded: boolean, toggle: () => void] {
  const { foldPreviews } = useView();
  const folded = useStore(turned, (all) => all[postId] ?? foldPreviews);
  return [folded, () => turned.setState({ [postId]: !folded })];
}
