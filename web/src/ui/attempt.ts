import { errorText } from './FormError';
import { toast } from './toast';

/**
 * attempt runs something that has no form to show its failure in: a failure is said in a notice. It returns whether it
 * was done.
 */
export async function attempt(task: Promise<unknown>): Promise<boolean> {
  try {
    await task;
    return true;
  } catch (error) {
    toast(errorText(error));
    return false;
  }
}
