/** How long tokens last and what they may do. */

/** Scope is what a token may be limited to. */
export type Scope = 'read' | 'write' | 'admin';
export const scopes: readonly Scope[] = ['read', 'write', 'admin'];

export type Lifetime = 'never' | 'month' | 'quarter' | 'year';
export const lifetimes: readonly Lifetime[] = ['never', 'month', 'quarter', 'year'];

const day = 86_400_000;
const days: Record<Lifetime, number> = { never: 0, month: 30, quarter: 90, year: 365 };

/** endOf is when a token made now ends, in milliseconds since 1970; 0 for never. */
export const endOf = (life: Lifetime, now: number): number => (days[life] === 0 ? 0 : now + days[life] * day);
