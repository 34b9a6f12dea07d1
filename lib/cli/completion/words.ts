import type { Command, OptionSpec } from '../command';

/** An option that every command has. */
interface Word {
  readonly name: string;
  readonly help: string;
}

/** The options of each command that commander adds. */
const COMMON_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  'no-color': { help: 'no colors' },
  help: { help: 'show the help' },
};

/** The words that may come first. */
export function firstWords(commands: readonly Command[]): Word[] {
  return [
    ...commands.map(({ name, summary }) => ({ name, help: summary })),
    { name: 'help', help: 'show the options of a command' },
    { name: '--version', help: 'print the version' },
    { name: '--help', help: 'show the commands' },
  ];
}

/** The options of a command with those that all commands have. */
export function optionsOf(command: Command): [name: string, spec: OptionSpec][] {
  return Object.entries({ ...command.options, ...COMMON_OPTIONS });
}

/** Whether a value is the name of a file or folder. */
export const isPath = (placeholder: string | undefined) => /^(FILE|FOLDER)$/.test(placeholder ?? '');

/** A text in single quotes of a shell. */
export const quoted = (text: string) => `'${text.replaceAll("'", String.raw`'\''`)}'`;
