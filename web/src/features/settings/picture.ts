/** Cutting a picture to the square that is shown of people. Pure sizes here; the drawing is at the end. */

/** Size is a width and a height, in pixels. */
export type Size = { width: number; height: number };

/** accepted are the pictures that a browser offers to choose. */
export const accepted = 'image/png,image/jpeg,image/gif,image/webp,image/bmp,image/avif';

/** Cut is which part is kept: the centre, as shares of the picture from 0 to 1, and how much it is enlarged. */
export type Cut = { x: number; y: number; zoom: number };

/** The picture that is sent: enough for every screen, small for the network. */
export const pictureSize = 512;
export const zoomMost = 4;

const between = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value));

/** sideOf is how many pixels of the picture the square covers. */
export const sideOf = ({ width, height }: Size, zoom: number): number => Math.min(width, height) / zoom;

/** within keeps the square inside the picture. */
export function within(size: Size, cut: Cut): Cut {
  const zoom = between(cut.zoom, 1, zoomMost);
  const half = sideOf(size, zoom) / 2;
  const keep = (share: number, length: number) => between(share, half / length, 1 - half / length);
  return { zoom, x: keep(cut.x, size.width), y: keep(cut.y, size.height) };
}

/** The whole picture, as far as a square holds it. */
export const middle: Cut = { x: 0.5, y: 0.5, zoom: 1 };

/** moved moves the cut by pixels of a square that is shown `shown` pixels wide. */
export function moved(size: Size, cut: Cut, dx: number, dy: number, shown: number): Cut {
  const scale = sideOf(size, cut.zoom) / shown;
  return within(size, { ...cut, x: cut.x - (dx * scale) / size.width, y: cut.y - (dy * scale) / size.height });
}

/** Area is the kept part in pixels of the picture. */
export type Area = { left: number; top: number; side: number };

/** areaOf is the part of the picture that a cut keeps. */
export function areaOf(size: Size, cut: Cut): Area {
  const side = sideOf(size, cut.zoom);
  return { side, left: cut.x * size.width - side / 2, top: cut.y * size.height - side / 2 };
}

/** readPicture decodes a file. It rejects when the file is no picture that this browser can read. */
export async function readPicture(file: Blob): Promise<ImageBitmap> {
  const bitmap = await createImageBitmap(file);
  if (bitmap.width > 0 && bitmap.height > 0) return bitmap;
  throw new Error('an empty picture');
}

/** cutPicture draws the kept part in the size that is sent. */
export async function cutPicture(picture: ImageBitmap, cut: Cut): Promise<Blob> {
  const { left, top, side } = areaOf(picture, cut);
  const length = Math.round(Math.min(pictureSize, Math.max(128, side)));
  const canvas = document.createElement('canvas');
  canvas.width = length;
  canvas.height = length;
  const on = canvas.getContext('2d');
  if (!on) throw new Error('the browser can’t draw');
  on.imageSmoothingQuality = 'high';
  on.drawImage(picture, left, top, side, side, 0, 0, length, length);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('the browser can’t draw'))), 'image/png');
  });
}
