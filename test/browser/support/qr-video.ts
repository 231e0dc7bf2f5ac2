import { writeFile } from 'node:fs/promises';
import { encodeQR } from 'qr';

const WIDTH = 640;
const HEIGHT = 480;
/** Luma and, for grey, both chromas. */
const [DARK, LIGHT, NO_COLOUR] = [16, 235, 128];

/** A video for Chromium's made-up camera in which a QR code stands still (YUV4MPEG2, 4:2:0). */
export async function writeQrVideo(file: string, text: string): Promise<void> {
  const rows = encodeQR(text, 'raw', { ecc: 'medium', border: 4 });
  const module = Math.floor(HEIGHT / rows.length);
  const left = Math.floor((WIDTH - module * rows.length) / 2);
  const luma = Buffer.alloc(WIDTH * HEIGHT, LIGHT);
  for (let y = 0; y < HEIGHT; ++y) {
    for (let x = 0; x < WIDTH; ++x) {
      if (rows[Math.floor(y / module)]?.[Math.floor((x - left) / module)]) luma[y * WIDTH + x] = DARK;
    }
  }
  const chroma = Buffer.alloc((WIDTH * HEIGHT) / 2, NO_COLOUR);
  const frame = Buffer.concat([Buffer.from('FRAME\n'), luma, chroma]);
  const header = Buffer.from(`YUV4MPEG2 W${WIDTH} H${HEIGHT} F10:1 Ip A1:1 C420\n`);
  await writeFile(file, Buffer.concat([header, frame, frame, frame]));
}
