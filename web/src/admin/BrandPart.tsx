import { useRef, useState } from 'react';
import { brandImageUrl, removeBrandImage, uploadBrandImage } from '@/api/admin';
import { useText } from '@/i18n/text';
import { attempt } from '@/ui/attempt';
import { Button } from '@/ui/Button';
import styles from './Brand.module.css';
import { Part } from './parts';

/** BrandPart sets the picture that stands beside the form to sign in. */
export function BrandPart() {
  const t = useText();
  const [again, setAgain] = useState(1);
  const [there, setThere] = useState(false);
  const file = useRef<HTMLInputElement>(null);
  const send = async (chosen: File | undefined) => {
    if (chosen && (await attempt(uploadBrandImage(chosen)))) setAgain(again + 1);
    if (file.current) file.current.value = '';
  };
  const remove = async () => {
    await attempt(removeBrandImage());
    setAgain(again + 1);
  };
  return (
    <Part title={t('admin.brand')}>
      <img
        key={again}
        src={brandImageUrl(again)}
        alt={t('admin.brand.picture')}
        className={styles.picture}
        hidden={!there}
        onLoad={() => setThere(true)}
        onError={() => setThere(false)}
      />
      <div className={styles.acts}>
        <input
          ref={file}
          type="file"
          accept="image/png,image/jpeg,image/gif,image/webp"
          aria-label={t('admin.brand.choose')}
          className="visually-hidden"
          tabIndex={-1}
          onChange={(event) => void send(event.target.files?.[0])}
        />
        <Button onClick={() => file.current?.click()}>{t('admin.brand.choose')}</Button>
        {there && <Button onClick={() => void remove()}>{t('admin.brand.remove')}</Button>}
      </div>
    </Part>
  );
}
