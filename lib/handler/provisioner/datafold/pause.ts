const LONGEST = 30_000;

/** Milliseconds to wait after so many attempts: as Datafold says, in seconds or as a date, else doubling. */
export function pauseBefore(attempt: number, retryAfter: string | undefined, now: number): number {
  const doubling = Math.min(LONGEST, 1_000 * 2 ** (attempt - 1));
  if (retryAfter === undefined) return doubling;
  if (/^\d+$/.test(retryAfter)) return Math.max(doubling, Number(retryAfter) * 1_000);
  const date = Date.parse(retryAfter);
  return Number.isNaN(date) ? doubling : Math.max(doubling, date - now);
}
