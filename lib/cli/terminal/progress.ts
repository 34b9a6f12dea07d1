import type { Terminal } from '.';
import { visible } from './visible';

const CLEAR = '\r\u001b[K';
const BAR_COLUMNS = 24;

/** Shows on a line of standard error what is being done. */
export interface Progress {
  /** One thing after the other, such as `checking shop/app: connection`. */
  show(what: string): void;
  /** A part of a whole that is known: draws a bar. */
  part(what: string, done: number, total: number): void;
  /** Clears the line. */
  end(): void;
}

/** Shows progress if standard error is a terminal; else nothing is written. */
export function progressOn(stream: Terminal['error']): Progress {
  if (!stream.isTTY) return { show: () => undefined, part: () => undefined, end: () => undefined };
  let shown = '';
  const draw = (text: string) => {
    const line = visible(text).slice(0, (stream.columns ?? 80) - 1); // a line that wraps could not be cleared
    if (line === shown) return;
    shown = line;
    stream.write(`${CLEAR}${line}`);
  };
  return {
    show: (what) => draw(`${what} …`),
    part: (what, done, total) => {
      const share = total > 0 ? Math.min(1, done / total) : 1;
      const full = Math.round(share * BAR_COLUMNS);
      const percent = `${Math.floor(share * 100)} %`.padStart(5);
      draw(`${'█'.repeat(full)}${'░'.repeat(BAR_COLUMNS - full)} ${percent}  ${what}`);
    },
    end: () => void stream.write(CLEAR),
  };
}
