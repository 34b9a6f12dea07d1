import type { Command, OptionSpec } from '../command';
import { firstWords, isPath, optionsOf } from './words';

const COMPLETE = 'complete -c cdk-datafold-postgres';
/** A text in single quotes of fish, which knows backslashes there. */
const quoted = (text: string) => `'${text.replace(/['\\]/g, (character) => `\\${character}`)}'`;

/** The completion for fish. */
export function fishScript(commands: readonly Command[]): string {
  const names = commands.map(({ name }) => name);
  const first = firstWords(commands).map(({ name, help }) => {
    const word = name.startsWith('--') ? `-l ${name.slice(2)}` : `-a ${name}`;
    return `${COMPLETE} -n __fish_use_subcommand ${word} -d ${quoted(help)}`;
  });
  const seen = (name: string) => `-n ${quoted(`__fish_seen_subcommand_from ${name}`)}`;
  return `${[
    '# fish completion of cdk-datafold-postgres',
    `${COMPLETE} -f`,
    ...first,
    `${COMPLETE} ${seen('help')} -a ${quoted(names.join(' '))}`,
    ...commands.flatMap((command) => [
      ...argumentLines(command).map((line) => `${COMPLETE} ${seen(command.name)} ${line}`),
      ...optionsOf(command).map(
        ([name, spec]) =>
          `${COMPLETE} ${seen(command.name)} -l ${name}${valueOf(spec)} -d ${quoted(spec.help)}`,
      ),
    ]),
  ].join('\n')}\n`;
}

function argumentLines({ argument }: Command): string[] {
  if (!argument) return [];
  return [argument.choices ? `-a ${quoted(argument.choices.join(' '))}` : '-F'];
}

function valueOf({ value, choices }: OptionSpec): string {
  if (value === undefined) return '';
  if (choices) return ` -x -a ${quoted(choices.join(' '))}`;
  return isPath(value) ? ' -r -F' : ' -x';
}
