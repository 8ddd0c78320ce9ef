import { Markdown } from '@/markdown/Markdown';
import { useApp } from '@/store/store';
import { isDark, isHex } from '@/ui/theme/colour';
import styles from './Banner.module.css';
import { useHeaderContext } from './markdown';

/** BannerBar is what those who run a channel want everybody in it to have read. */
export function BannerBar({ channelId }: { channelId: string }) {
  const banner = useApp((state) => state.channels.channels[channelId]?.banner_info);
  return <BannerLine text={banner?.text ?? ''} colour={banner?.background_color ?? ''} />;
}

/** BannerLine is a banner as it looks, on a ground of any colour; its words are black or white unless given. */
export function BannerLine({ text, colour, words }: { text: string; colour: string; words?: string | undefined }) {
  const context = useHeaderContext();
  const ground = isHex(colour) ? colour : '#dddddd';
  const style = {
    '--ground': ground,
    '--words': words ?? (isDark(ground) ? '#ffffff' : '#000000'),
  } as React.CSSProperties;
  return (
    <div className={styles.bar} style={style} data-banner="">
      <Markdown text={text} context={context} compact />
    </div>
  );
}
