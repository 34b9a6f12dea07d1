import { accept, ACCEPT_HELP } from './accept';
import { awsPorts } from './aws';
import { doctor, DOCTOR_HELP, type Output } from './doctor';
import { sql, SQL_HELP } from './sql';
import { UsageError } from './usage';

const HELP = `Usage: cdk-datafold-postgres COMMAND [options]

  sql      print the statements that let Datafold read PostgreSQL, for a database administrator to run
  doctor   check whether Datafold can read PostgreSQL and its statement log, as deployed
  accept   accept the connection that Datafold asks for through AWS PrivateLink

cdk-datafold-postgres COMMAND --help shows the options of a command.
`;

const HELPS: Readonly<Record<string, string>> = { sql: SQL_HELP, doctor: DOCTOR_HELP, accept: ACCEPT_HELP };
const COMMANDS = Object.keys(HELPS);

/** Runs a command and returns its exit status: 2 for an unknown command or invalid options. */
export async function main(args: readonly string[], output: Output): Promise<number> {
  const [command = '--help', ...rest] = args;
  const print = (text: string) => {
    output.out(text);
    return 0;
  };
  try {
    if (command === '--help' || command === '-h') return print(HELP);
    if (!COMMANDS.includes(command))
      throw new UsageError(`There is no command ${command}, only ${COMMANDS.join(', ')}`);
    if (rest.includes('--help') || rest.includes('-h')) return print(HELPS[command]);
    if (command === 'sql') return print(await sql(rest));
    return await (command === 'accept' ? accept : doctor)(rest, awsPorts, output);
  } catch (error) {
    const message = usageOf(error);
    if (message === undefined) throw error;
    const help = COMMANDS.includes(command) ? `${command} --help` : '--help';
    output.error.write(`${message}.\ncdk-datafold-postgres ${help} shows the options.\n`);
    return 2;
  }
}

/** The message of a usage error, thrown here or by node:util. */
function usageOf(error: unknown): string | undefined {
  if (error instanceof UsageError) return error.message;
  const { code, message } = error as NodeJS.ErrnoException;
  return code?.startsWith('ERR_PARSE_ARGS') ? message.split('. ')[0] : undefined;
}
