/**
 * Parley's mark: a P that is a speech bubble, and in its bowl a smaller one that answers from the other side. The same
 * shape stands in public/icons.
 */
export function Mark({ size = 32, title }: { size?: number; title?: string }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 32 32"
      fill="var(--accent)"
      role={title ? 'img' : undefined}
      aria-label={title}
      aria-hidden={title ? undefined : true}
    >
      <path fillRule="evenodd" d={markPath} />
    </svg>
  );
}

const markPath =
  'M5 31V13.5a11.5 11.5 0 1 1 11.5 11.5h-4c-1.8 0-3.3.8-4.3 2.2ZM16.5 8.25a5.25 5.25 0 1 0 0 10.5h4.25a1 1 0 0 0 1-1V13.5a5.25 5.25 0 0 0-5.25-5.25Z';
