import { Search, X } from 'lucide-react';
import { useText } from '@/i18n/text';
import { IconButton } from './IconButton';
import { TextField, type TextFieldProps } from './TextField';

/** SearchField narrows a list as one types; Escape and the cross empty it. Its label is hidden and stands as placeholder. */
export function SearchField({ value, onChange, placeholder, onKeyDown, ...rest }: Omit<TextFieldProps, 'type'>) {
  const t = useText();
  return (
    <TextField
      hideLabel
      autoComplete="off"
      spellCheck={false}
      enterKeyHint="search"
      {...rest}
      type="search"
      value={value}
      onChange={onChange}
      placeholder={placeholder ?? rest.label}
      prefix={<Search size={16} aria-hidden="true" style={{ marginInlineEnd: 8 }} />}
      suffix={
        value ? (
          <IconButton size="s" label={t('ui.search.clear')} icon={<X size={16} />} onClick={() => onChange('')} />
        ) : undefined
      }
      onKeyDown={(event) => {
        if (event.key === 'Escape' && value) {
          event.stopPropagation();
          event.preventDefault();
          onChange('');
        }
        onKeyDown?.(event);
      }}
    />
  );
}
