import { UsageError, type Command } from './command';
import { COMMANDS } from './commands';
import { explain } from './explain';
import { parse } from './parser';
import type { Terminal } from './terminal';
import { visible } from './terminal/visible';

/** Runs a command and returns its exit status: 0 all is well, 1 something is wrong, 2 invalid arguments. */
export async function main(
  args: readonly string[],
  terminal: Terminal,
  commands: readonly Command[] = COMMANDS,
): Promise<number> {
  try {
    const parsed = parse(commands, args, terminal);
    if (!parsed) return 0;
    return await parsed.command.run(parsed.values as never, terminal, parsed.argument);
  } catch (error) {
    if (!(error instanceof UsageError)) {
      terminal.error.write(`${visible(explain(error))}\n`);
      return 1;
    }
    const known = commands.some(({ name }) => name === args[0]);
    const help = known ? `${args[0]} --help` : '--help';
    const end = /[.?]$/.test(error.message) ? '' : '.';
    terminal.error.write(
      `${visible(error.message)}${end}\ncdk-datafold-postgres ${help} shows the options.\n`,
    );
    return 2;
  }
}
