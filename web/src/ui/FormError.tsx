import { CircleAlert } from 'lucide-react';
import styles from './FormError.module.css';

/** errorText returns the sentence of an error: an ApiError carries the server's own, already translated. */
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** FormError tells what went wrong, aloud too. It shows nothing without an error. */
export function FormError({ error }: { error: unknown }) {
  return (
    <div role="alert" className={styles.region}>
      {error != null && error !== '' && (
        <p className={styles.error}>
          <CircleAlert aria-hidden="true" />
          <span>{errorText(error)}</span>
        </p>
      )}
    </div>
  );
}
