/**
 * copyText puts a text on the clipboard. It rejects when the browser forbids it. The clipboard's own interface is there
 * on secure pages only, and many servers of a local network are not: elsewhere the text goes through a field.
 */
export async function copyText(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const focused = document.activeElement;
  const field = document.createElement('textarea');
  field.value = text;
  field.style.position = 'fixed';
  field.style.opacity = '0';
  document.body.append(field);
  field.select();
  const done = document.execCommand('copy');
  field.remove();
  if (focused instanceof HTMLElement) focused.focus();
  if (!done) throw new Error('the browser did not copy');
}
