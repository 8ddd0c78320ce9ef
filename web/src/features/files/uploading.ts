import { lateModule } from '@/ui/late';

/** uploading sends files; it is there soon after the first screen. */
export const uploading = lateModule(() => import('./engine'), 'soon');
