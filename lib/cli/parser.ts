import { Argument, Command as Parser, CommanderError, Option } from 'commander';
import { UsageError, type Command, type OptionSpec } from './command';
import { styles, type Terminal } from './terminal';
import { version } from './files';

const PROGRAM = 'cdk-datafold-postgres';
const MAX_HELP_COLUMNS = 100;

/** What the arguments ask for: the values of a command, or nothing more if help or version was printed. */
export interface Parsed {
  readonly command: Command;
  readonly values: Readonly<Record<string, unknown>>;
  readonly argument: string;
}

/** Parses arguments. Throws UsageError, with a suggestion for a misspelled command or option. */
export function parse(
  commands: readonly Command[],
  args: readonly string[],
  terminal: Terminal,
): Parsed | undefined {
  let parsed: Parsed | undefined;
  const program = configured(new Parser(PROGRAM), terminal)
    .usage('COMMAND [options]')
    .description('Lets Datafold read PostgreSQL on Amazon Aurora and Amazon RDS.')
    .version(version(), '-V, --version', 'print the version')
    .helpCommand('help [COMMAND]', 'show the options of a command')
    .option('--no-color', 'no colors (also: NO_COLOR=1) [colors on a terminal]')
    .addHelpText('after', `\n${PROGRAM} help COMMAND shows the options of a command.`);
  for (const command of commands) {
    const sub = configured(program.command(command.name), terminal)
      .usage(command.usage)
      .summary(command.summary)
      .description(command.description)
      .action((...passed: unknown[]) => {
        parsed = {
          command,
          values: valuesOf(command, sub),
          argument: command.argument ? String(passed[0]) : '',
        };
      });
    for (const [name, spec] of Object.entries(command.options)) sub.addOption(optionOf(name, spec));
    if (command.argument) {
      const { name, help, choices } = command.argument;
      const argument = new Argument(`<${name}>`, help);
      sub.addArgument(choices ? argument.choices(choices) : argument);
    }
    if (command.notes) sub.addHelpText('after', `\n${command.notes.trimEnd()}`);
  }
  try {
    program.parse(asked(commands, args), { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode !== 0) throw new UsageError(sentenceOf(error.message));
  }
  return parsed;
}

/** No arguments ask for the help. `help COMMAND` and `COMMAND --help` of an unknown command are as the unknown command. */
function asked(commands: readonly Command[], args: readonly string[]): string[] {
  if (args.length === 0) return ['--help'];
  const name = args[0] === 'help' ? args[1] : args[0];
  const isKnown = commands.some((command) => command.name === name);
  return isKnown || name === undefined || name.startsWith('-') ? [...args] : [name];
}

function configured(parser: Parser, terminal: Terminal): Parser {
  const { bold } = styles(terminal);
  return parser
    .exitOverride()
    .helpOption('-h, --help', 'show this text')
    .configureHelp({
      styleTitle: bold,
      subcommandTerm: (command) => command.name(),
      subcommandDescription: (command) => command.summary() || command.description(),
      optionDescription: ({ description, defaultValue, negate }) =>
        typeof defaultValue === 'string' && !negate ? `${description} [${defaultValue}]` : description,
      argumentDescription: ({ description }) => description,
    })
    .configureOutput({
      writeOut: (text) => terminal.out(text),
      writeErr: () => undefined, // as a UsageError
      getOutHelpWidth: () => Math.min(terminal.columns, MAX_HELP_COLUMNS),
      getOutHasColors: () => terminal.hasColors,
    });
}

function optionOf(name: string, spec: OptionSpec): Option {
  const option = new Option(`--${name}${spec.value === undefined ? '' : ` <${spec.value}>`}`, spec.help);
  if (spec.choices) option.choices(spec.choices);
  if (spec.default !== undefined) option.default(spec.default);
  option.conflicts((spec.conflicts ?? []).map((other) => new Option(`--${other}`).attributeName()));
  const check = option.parseArg;
  if (spec.value !== undefined)
    option.argParser((value: string, previous: unknown) => {
      if (value === '') throw new UsageError(`--${name} must not be empty`);
      check?.(value, undefined);
      return spec.multiple ? [...((previous as string[] | undefined) ?? []), value] : value;
    });
  return option;
}

/** The values under the names of the options; commander has them in camel case, and `--no-x` as the opposite of x. */
function valuesOf({ options }: Command, parser: Parser): Record<string, unknown> {
  const parsed = parser.opts<Record<string, unknown>>();
  return Object.fromEntries(
    Object.entries(options).map(([name, { value }]) => {
      const option = new Option(`--${name}`);
      const given = parsed[option.attributeName()];
      return [name, value !== undefined ? given : option.negate ? given === false : given === true];
    }),
  );
}

/** `error: unknown option '--stak'\n(Did you mean --stack?)` as sentences. */
function sentenceOf(message: string): string {
  const [text, suggestion] = message.replace(/^error: /, '').split('\n');
  const sentence = text.charAt(0).toUpperCase() + text.slice(1);
  return suggestion ? `${sentence.replace(/\.$/, '')}. ${suggestion.replace(/^\(|\)$/g, '')}` : sentence;
}
