/** The left side: the rail of teams and the sidebar of the current one. */
export function Side() {
  return null;
}
