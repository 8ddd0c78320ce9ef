import { Download, Globe, Link2, MessageSquareText, ZoomIn, ZoomOut } from 'lucide-react';
import { navigate } from 'wouter/use-browser-location';
import type { FileInfo } from '@/api/files';
import { useText } from '@/i18n/text';
import { closeDialog } from '@/store/commands';
import { permalink } from '@/store/paths';
import { getState, useApp } from '@/store/store';
import { attempt } from '@/ui/attempt';
import { IconButton } from '@/ui/IconButton';
import { toast } from '@/ui/toast';
import { copyFileLink, copyPublicLink, keepFile, mayPublish } from './actions';
import styles from './Gallery.module.css';
import type { Zoom } from './zoom';

/** GalleryTools are what can be done with the file that is shown. */
export function GalleryTools({ file, zoom }: { file: FileInfo; zoom: Zoom | undefined }) {
  const t = useText();
  const publish = useApp(mayPublish) && Boolean(file.post_id);
  const known = useApp((state) => state.channels.channels[file.channel_id] !== undefined) && file.post_id;
  const copy = async (copied: Promise<void>, told: 'files.linkCopied' | 'files.publicLinkCopied') => {
    if (await attempt(copied)) toast(t(told));
  };
  const jump = () => {
    closeDialog();
    navigate(permalink(getState(), file.channel_id, file.post_id ?? ''));
  };
  return (
    <div className={styles.tools}>
      {zoom && (
        <>
          <Tool
            label={t('files.zoomOut')}
            icon={<ZoomOut />}
            shortcut="-"
            disabled={zoom.scale <= 1}
            onClick={zoom.smaller}
          />
          <span className={styles.scale} data-figures>
            {t('files.scale', { percent: Math.round(zoom.scale * 100) })}
          </span>
          <Tool
            label={t('files.zoomIn')}
            icon={<ZoomIn />}
            shortcut="+"
            disabled={zoom.scale >= 8}
            onClick={zoom.larger}
          />
        </>
      )}
      {known && <Tool label={t('files.jump')} icon={<MessageSquareText />} onClick={jump} />}
      <Tool
        label={t('files.copyLink')}
        icon={<Link2 />}
        onClick={() => void copy(copyFileLink(file.id), 'files.linkCopied')}
      />
      {publish && (
        <Tool
          label={t('files.copyPublicLink')}
          icon={<Globe />}
          onClick={() => void copy(copyPublicLink(file.id), 'files.publicLinkCopied')}
        />
      )}
      <Tool label={t('files.download', { name: file.name })} icon={<Download />} onClick={() => void keepFile(file)} />
    </div>
  );
}

interface ToolProps {
  label: string;
  icon: React.ReactNode;
  shortcut?: string;
  disabled?: boolean;
  onClick: () => void;
}

function Tool({ disabled, ...props }: ToolProps) {
  return <IconButton {...props} aria-disabled={disabled || undefined} placement="bottom" />;
}
