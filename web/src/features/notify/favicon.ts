/** The icon in the browser's tab, with a dot for what is unread and a number for mentions. */

/** Mark is what stands on the icon. */
export type Mark = 'plain' | 'dot' | number;

const size = 64;
// Tabs are not the page: their colours don't follow its theme, so the mark stands out by itself.
const mentionColour = '#c62f26';
const unreadColour = '#e0912f';
const ringColour = '#ffffff';

const drawn = new Map<string, string>();
let original: { href: string; type: string } | undefined;
let wanted = 'plain';

const link = (): HTMLLinkElement | null => document.querySelector<HTMLLinkElement>('link[rel="icon"]');

/** labelOf is the number as far as it fits. */
const labelOf = (mark: Mark): string => (typeof mark === 'number' ? (mark > 9 ? '9+' : String(mark)) : mark);

function picture(href: string): Promise<HTMLImageElement> {
  return new Promise((resolve, reject) => {
    const image = new Image(size, size);
    image.onload = () => resolve(image);
    image.onerror = reject;
    image.src = href;
  });
}

function disc(on: CanvasRenderingContext2D, x: number, y: number, radius: number, colour: string): void {
  on.fillStyle = colour;
  on.beginPath();
  on.arc(x, y, radius, 0, Math.PI * 2);
  on.fill();
}

async function make(label: string, href: string): Promise<string | undefined> {
  const canvas = document.createElement('canvas');
  canvas.width = size;
  canvas.height = size;
  const on = canvas.getContext('2d');
  if (!on) return undefined;
  on.drawImage(await picture(href), 0, 0, size, size);
  if (label === 'dot') {
    disc(on, 50, 14, 14, ringColour);
    disc(on, 50, 14, 11, unreadColour);
  } else {
    disc(on, 43, 21, 21, ringColour);
    disc(on, 43, 21, 19, mentionColour);
    on.fillStyle = ringColour;
    on.font = `700 ${label.length > 1 ? 24 : 30}px system-ui, sans-serif`;
    on.textAlign = 'center';
    on.textBaseline = 'middle';
    on.fillText(label, 43, 22.5);
  }
  return canvas.toDataURL('image/png');
}

/** drawFavicon puts a mark on the icon of the page. Where that can't be drawn, the icon stays plain. */
export async function drawFavicon(mark: Mark): Promise<void> {
  const label = labelOf(mark);
  if (label === wanted) return;
  wanted = label;
  const element = link();
  if (!element) return;
  original ??= { href: element.href, type: element.type };
  const put = ({ href, type }: { href: string; type: string }) => {
    element.type = type;
    element.href = href;
  };
  if (label === 'plain') return put(original);
  try {
    const data = drawn.get(label) ?? (await make(label, original.href));
    if (!data) return;
    drawn.set(label, data);
    if (wanted === label) put({ href: data, type: 'image/png' });
  } catch {
    // An icon that can't be read is left as it is.
  }
}
