const DAY = 86_400;

/** Unix seconds → `21 Nov 2026`. */
export function dateInWords(seconds: number): string {
  return new Date(seconds * 1000).toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
  });
}

/** `2026-11-21`, with or without a time → `21 Nov 2026`: the day as written, wherever the reader is. */
export function dayInWords(date: string): string {
  const at = new Date(`${date.slice(0, 10)}T00:00:00Z`);
  if (Number.isNaN(at.getTime())) return date;
  return at.toLocaleDateString('en-GB', { timeZone: 'UTC', day: 'numeric', month: 'short', year: 'numeric' });
}

/** Unix seconds → `21 Nov 2026, 14:05`. */
export function dateTimeInWords(seconds: number): string {
  return new Date(seconds * 1000).toLocaleString('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  });
}

/** Unix seconds → `18:30`, the clock of this place. */
export function clockInWords(seconds: number): string {
  return new Date(seconds * 1000).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
}

/** Unix seconds → `5 minutes ago`; beyond a week the date. */
export function agoInWords(seconds: number, now = Date.now() / 1000): string {
  const ago = now - seconds;
  if (ago < 60) return 'just now';
  if (ago < 3600) return counted(Math.floor(ago / 60), 'minute');
  if (ago < DAY) return counted(Math.floor(ago / 3600), 'hour');
  if (ago < 7 * DAY) return counted(Math.floor(ago / DAY), 'day');
  return dateInWords(seconds);
}

function counted(n: number, unit: string): string {
  return `${n} ${unit}${n === 1 ? '' : 's'} ago`;
}

export function bytesInWords(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  const units = ['kB', 'MB', 'GB'];
  let value = bytes;
  let unit = 'bytes';
  for (const next of units) {
    if (value < 1000) break;
    value /= 1000;
    unit = next;
  }
  return `${value.toLocaleString('en-GB', { maximumFractionDigits: value < 10 ? 1 : 0 })} ${unit}`;
}
