// QR codes on a printed sheet, read as two phones would: by ZBar and by jsQR, clean, or blurred and with dirt on them.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { load, out } from './journey.mjs';

const jsQR = load('jsqr');
const RESOLUTION = 200;

/** The first page of a PDF as a picture. */
export function rendered(pdf) {
  const stem = join(out, 'whole-label');
  execFileSync('pdftoppm', ['-png', '-r', String(RESOLUTION), '-singlefile', pdf, stem]);
  return `${stem}.png`;
}

/** Width, height and pixels of a picture. */
function pixels(picture) {
  const size = execFileSync('ffprobe', ['-v', 'error', '-show_entries', 'stream=width,height', '-of', 'csv=p=0', picture]);
  const [width, height] = size.toString().trim().split(',').map(Number);
  const raw = execFileSync('ffmpeg', ['-v', 'error', '-i', picture, '-f', 'rawvideo', '-pix_fmt', 'rgba', '-'], { maxBuffer: 1 << 28 });
  return { width, height, raw: new Uint8ClampedArray(raw) };
}

/** What jsQR reads, and where: its left, top, side and the width of a module, in pixels. */
export function readByJsQr(picture) {
  const { width, height, raw } = pixels(picture);
  const code = jsQR(raw, width, height);
  if (!code) return null;
  const { topLeftCorner: corner, bottomRightCorner: other } = code.location;
  const side = Math.round(other.x - corner.x);
  return { text: code.data, left: Math.round(corner.x), top: Math.round(corner.y), side, module: side / (17 + 4 * code.version) };
}

/** What ZBar reads, or nothing. */
export function readByZbar(picture) {
  try {
    return execFileSync('zbarimg', ['--quiet', '--raw', '-Sdisable', '-Sqrcode.enable', picture], { stdio: ['ignore', 'pipe', 'ignore'] }).toString().trim();
  } catch {
    return null;
  }
}

/**
 * The picture after rain and scratches: a spot over `share` of the code, its middle at `x`, `y` of the code's side, and
 * everything out of focus by `blur` of a module.
 */
export function worn(picture, at, { share, blur, x, y, colour }) {
  const spot = Math.round(at.side * Math.sqrt(share));
  const from = (start, place) => Math.round(start + at.side * place - spot / 2);
  const file = picture.replace(/\.png$/, `-worn-${x}-${y}-${colour}.png`);
  const box = `drawbox=x=${from(at.left, x)}:y=${from(at.top, y)}:w=${spot}:h=${spot}:color=${colour}:t=fill`;
  const filter = `${box},gblur=sigma=${(at.module * blur).toFixed(2)}`;
  execFileSync('ffmpeg', ['-y', '-v', 'error', '-i', picture, '-vf', filter, file]);
  return file;
}
