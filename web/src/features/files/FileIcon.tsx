import { File, FileArchive, FileAudio, FileCode, FileImage, FileSpreadsheet, FileText, FileVideo } from 'lucide-react';
import type { FileInfo } from '@/api/files';
import { kindOf } from './kinds';

const kinds: [pattern: RegExp, icon: typeof File][] = [
  [/^image\//, FileImage],
  [/^video\//, FileVideo],
  [/^audio\//, FileAudio],
  [/zip|compressed|x-tar|x-7z|x-rar/, FileArchive],
  [/spreadsheet|csv|excel/, FileSpreadsheet],
  [/json|javascript|xml\b|x-sh|typescript|x-go/, FileCode],
  [/^text\/|pdf|word|document|presentation/, FileText],
];

export interface FileIconProps {
  file: Pick<FileInfo, 'mime_type' | 'extension'>;
  size?: number;
}

/** FileIcon tells what kind of file it is; its name stands beside it. */
export function FileIcon({ file, size = 20 }: FileIconProps) {
  const found = kinds.find(([pattern]) => pattern.test(file.mime_type))?.[1];
  const Icon = found ?? (kindOf(file) === 'text' ? FileCode : File);
  return <Icon size={size} aria-hidden="true" />;
}
