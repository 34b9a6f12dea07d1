const NUMBER = new Intl.NumberFormat('en-US');
const SHORT = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 3 });
const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB'];

/** A number with separators. */
export const count = (value: number) => NUMBER.format(value);

/** `1,234 statements`, `1 statement`. */
export const counted = (value: number, noun: string) => `${count(value)} ${noun}${value === 1 ? '' : 's'}`;

/** `12.3 MB`. */
export function size(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  return `${SHORT.format(bytes / 1_000 ** power)} ${UNITS[power]}`;
}

/** A share from 0 to 1 as a percentage; a small one is not 0. */
export function percent(share: number): string {
  if (!Number.isFinite(share) || share === 0) return '0\u00a0%';
  return share < 0.01 ? '<\u00a01\u00a0%' : `${Math.round(share * 100)}\u00a0%`;
}

/** `2026-11-28 11:59 UTC`. */
export const time = (at: number) => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
