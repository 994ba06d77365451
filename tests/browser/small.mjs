// Makes a picture small: 256 colours, as a PNG with a palette.
import { crc32, deflateSync } from 'node:zlib';

const chunk = (type, data) => {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
};

/** Reads the pixels of a PNG in a page, three bytes each. */
const read = async (data) => {
  const bitmap = await createImageBitmap(new Blob([Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0))]));
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
  context.drawImage(bitmap, 0, 0);
  const { data: pixels } = context.getImageData(0, 0, bitmap.width, bitmap.height);
  let out = '';
  for (let at = 0; at < pixels.length; at += 4) out += String.fromCharCode(pixels[at], pixels[at + 1], pixels[at + 2]);
  return [bitmap.width, bitmap.height, btoa(out)];
};

/** Returns a PNG with at most 256 colours: the most frequent ones, and for the others the nearest of them. */
export async function small(page, png) {
  const [width, height, data] = await page.evaluate(read, png.toString('base64'));
  const pixels = Buffer.from(data, 'base64');
  const counts = new Map();
  // Colours that nobody tells apart are one.
  const key = (at) => ((pixels[at] & 0xf0) << 16) | ((pixels[at + 1] & 0xf0) << 8) | (pixels[at + 2] & 0xf0);
  const seen = new Map();
  for (let at = 0; at < pixels.length; at += 3) {
    counts.set(key(at), (counts.get(key(at)) ?? 0) + 1);
    if (!seen.has(key(at))) seen.set(key(at), [pixels[at], pixels[at + 1], pixels[at + 2]]);
  }
  const colours = [...counts].sort((a, b) => b[1] - a[1]).slice(0, 256).map(([colour]) => seen.get(colour));
  const nearest = new Map([...seen].map(([colour, [r, g, b]]) => {
    const distances = colours.map(([x, y, z]) => (x - r) ** 2 + (y - g) ** 2 + (z - b) ** 2);
    return [colour, distances.indexOf(Math.min(...distances))];
  }));
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) rows[y * (width + 1) + 1 + x] = nearest.get(key((y * width + x) * 3));
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 3, 0, 0, 0], 8);
  const palette = Buffer.from(colours.flat());
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk('IHDR', head), chunk('PLTE', palette), chunk('IDAT', deflateSync(rows, { level: 9 })), chunk('IEND', Buffer.alloc(0))]);
}
