import { useState } from 'react';
import styles from './Embeds.module.css';

/** LinkData is what a page says of itself (Open Graph). */
export interface LinkData {
  title?: string;
  description?: string;
  site_name?: string;
  url?: string;
  images?: { url?: string; secure_url?: string }[] | null;
}

const hostOf = (url: string): string => {
  try {
    return new URL(url).hostname.replace(/^www\./, '');
  } catch {
    return url;
  }
};

export interface LinkPreviewProps {
  url: string;
  data: LinkData;
  load: (src: string) => string;
}

/** LinkPreview is a page that a message links to: its title, a few words and a small picture of a fixed size. */
export function LinkPreview({ url, data, load }: LinkPreviewProps) {
  const [broken, setBroken] = useState(false);
  const [image] = data.images ?? [];
  const src = image?.secure_url || image?.url || '';
  const picture = !broken && /^(?:https?:\/\/|\/)/i.test(src) ? src : '';
  const title = data.title || hostOf(url);
  if (!data.title && !data.description && !picture) return null;
  return (
    <a className={styles.link} href={url} target="_blank" rel="noopener noreferrer nofollow">
      <span className={styles.linkWords}>
        <span className={styles.site}>{data.site_name || hostOf(url)}</span>
        <span className={styles.linkTitle} dir="auto">
          {title}
        </span>
        {data.description && (
          <span className={styles.description} dir="auto">
            {data.description}
          </span>
        )}
      </span>
      {picture && (
        <img
          className={styles.thumb}
          src={load(picture)}
          alt=""
          width={84}
          height={84}
          loading="lazy"
          decoding="async"
          referrerPolicy="no-referrer"
          onError={() => setBroken(true)}
        />
      )}
    </a>
  );
}
