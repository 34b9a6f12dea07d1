import { styleText } from 'node:util';

/** What a command prints on. */
export interface Terminal {
  /** Writes to standard output. */
  out(text: string): void;
  /** Standard error: progress and errors. */
  readonly error: { readonly isTTY?: boolean; readonly columns?: number; write(text: string): unknown };
  /** The width of standard output; Infinity if it is not a terminal, so that no line that a program reads is wrapped. */
  readonly columns: number;
  /** Whether standard output may get colors. */
  readonly hasColors: boolean;
}

/** A text in a color or weight. */
export type Style = (text: string) => string;

/** The styles of a terminal; without colors they return the text as it is. */
export function styles({
  hasColors,
}: Pick<Terminal, 'hasColors'>): Readonly<Record<'bold' | 'dim' | 'red' | 'green' | 'yellow', Style>> {
  const style = (format: 'bold' | 'dim' | 'red' | 'green' | 'yellow'): Style =>
    hasColors ? (text) => styleText(format, text, { validateStream: false }) : (text) => text;
  return {
    bold: style('bold'),
    dim: style('dim'),
    red: style('red'),
    green: style('green'),
    yellow: style('yellow'),
  };
}

/** Whether to print colors: never with --no-color or NO_COLOR; with FORCE_COLOR as it says; else on a terminal. */
export function wantsColors(
  isRefused: boolean,
  { NO_COLOR, FORCE_COLOR, TERM }: NodeJS.ProcessEnv,
  isTerminal: boolean,
): boolean {
  if (isRefused || NO_COLOR || FORCE_COLOR === '0' || FORCE_COLOR === 'false') return false;
  return FORCE_COLOR !== undefined || (isTerminal && TERM !== 'dumb');
}

/** The terminal of a process, and its arguments without --no-color, which may stand anywhere before `--`. */
export function terminalOf(
  { stdout, stderr, env }: Pick<NodeJS.Process, 'stdout' | 'stderr' | 'env'>,
  given: readonly string[],
): { terminal: Terminal; args: string[] } {
  const end = given.includes('--') ? given.indexOf('--') : given.length;
  const args = given.filter((one, i) => i >= end || one !== '--no-color');
  const terminal: Terminal = {
    out: (text) => void stdout.write(text),
    error: stderr,
    columns: stdout.isTTY ? stdout.columns || 80 : Infinity,
    hasColors: wantsColors(args.length < given.length, env, stdout.isTTY),
  };
  return { terminal, args };
}
