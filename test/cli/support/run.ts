import type { Command } from '../../../lib/cli/command';
import { main } from '../../../lib/cli/main';
import { sqlCommand } from '../../../lib/cli/sql';
import type { Terminal } from '../../../lib/cli/terminal';

/** What a run of the command line tool printed, and its exit status. */
export interface Ran {
  readonly status: number;
  readonly out: string;
  readonly error: string;
}

/** Runs the command line tool in this process, by default as if its output went to a file. */
export async function run(
  args: readonly string[],
  commands?: readonly Command[],
  terminal: Partial<Pick<Terminal, 'columns' | 'hasColors'>> = {},
): Promise<Ran> {
  let [out, error] = ['', ''];
  const status = await main(
    args,
    {
      columns: Infinity,
      hasColors: false,
      ...terminal,
      out: (text) => void (out += text),
      error: { write: (text) => (error += text) },
    },
    commands,
  );
  return { status, out, error };
}

/** The script that `sql` prints; throws the first line of the error. */
export async function scriptOf(args: readonly string[]): Promise<string> {
  const { status, out, error } = await run(['sql', ...args], [sqlCommand]);
  if (status !== 0) throw new Error(error.split('\n')[0].replace(/\.$/, ''));
  return out;
}
