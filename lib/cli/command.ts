import type { Terminal } from './terminal';

/** Invalid arguments: the message says what is wrong and what is allowed. The exit status is 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Parses the value of an option as a whole number from 1 to `highest`, in digits; returns undefined for an option that is not given. */
export function wholeNumber(option: string, text: string | undefined, highest: number): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d+$/.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= highest) return value;
  throw new UsageError(`--${option} must be a whole number from 1 to ${highest}, got: ${text}`);
}

/** One option of a command. Without `value` it is a switch. */
export interface OptionSpec {
  /** What the option does, as one phrase; what holds without it comes last in square brackets. */
  readonly help: string;
  /** The placeholder of the value, such as NAME. FILE and FOLDER are completed with the names of files. */
  readonly value?: string;
  /** The option may be given several times. */
  readonly multiple?: boolean;
  readonly default?: string;
  /** The allowed values. */
  readonly choices?: readonly string[];
  /** The options that this one excludes. */
  readonly conflicts?: readonly string[];
}

/** The options of a command by name, without the leading dashes. */
export type Options = Readonly<Record<string, OptionSpec>>;

type Value<O extends OptionSpec> = O extends { readonly value: string }
  ? O extends { readonly multiple: true }
    ? readonly string[] | undefined
    : O extends { readonly default: string }
      ? string
      : string | undefined
  : boolean;

/** The values of the options of a command, by the same names. An option that is not given is undefined, a switch false. */
export type Values<O extends Options> = { readonly [K in keyof O]: Value<O[K]> };

/** An argument that is no option. */
export interface ArgumentSpec {
  /** The placeholder, such as SHELL. FILE is completed with the names of files. */
  readonly name: string;
  readonly help: string;
  readonly choices?: readonly string[];
}

/** A command: what help, parser and shell completion need, and what it does. */
export interface CommandSpec<O extends Options> {
  readonly name: string;
  /** One phrase for the list of commands. */
  readonly summary: string;
  /** The first paragraphs of its help. */
  readonly description: string;
  /** The arguments after the name of the command, such as `--stack NAME [options]`. */
  readonly usage: string;
  readonly argument?: ArgumentSpec;
  readonly options: O;
  /** The last paragraphs of its help, printed as they are: examples and the exit status. */
  readonly notes?: string;
  /** Does the work and returns the exit status: 0 all is well, 1 something is wrong. Throws UsageError for invalid values. */
  run(values: Values<O>, terminal: Terminal, argument: string): Promise<number>;
}

/** A command of any options. */
export type Command = CommandSpec<Options>;

/** Checks the types of a command: `run` gets the values of its own options. */
export function defineCommand<const O extends Options>(spec: CommandSpec<O>): Command {
  return spec as unknown as Command;
}

/** The options of every command that calls AWS. */
export const AWS_OPTIONS = {
  region: { value: 'REGION', help: 'the region [that of your environment or profile]' },
  profile: { value: 'NAME', help: 'the profile of your AWS credentials' },
} as const satisfies Options;
