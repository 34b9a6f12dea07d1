import type { ArgumentSpec, Command, OptionSpec } from '../command';
import { firstWords, isPath, optionsOf, quoted } from './words';

/** The completion for zsh, as a function for a folder of $fpath. */
export function zshScript(commands: readonly Command[]): string {
  return `#compdef cdk-datafold-postgres
# zsh completion of cdk-datafold-postgres
_cdk_datafold_postgres() {
  local -a first
  if (( CURRENT == 2 )); then
    first=(
${firstWords(commands)
  .map(({ name, help }) => `      ${quoted(`${name}:${help}`)}`)
  .join('\n')}
    )
    _describe command first
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
    help) _arguments ${quoted(`1:command:(${commands.map(({ name }) => name).join(' ')})`)} ;;
${commands.map(commandPattern).join('\n')}
  esac
}
_cdk_datafold_postgres "$@"
`;
}

function commandPattern(command: Command): string {
  const specs = [
    ...optionsOf(command).map(([name, spec]) => optionSpec(name, spec)),
    ...(command.argument ? [argumentSpec(command.argument)] : []),
  ];
  return `    ${command.name}) _arguments ${specs.map((spec) => `\\\n      ${spec}`).join(' ')} ;;`;
}

/** Such as `'*--schemas=[the schemas to read]:A,B:'`; a star stands for options that may be repeated. */
function optionSpec(name: string, { help, value, multiple, choices }: OptionSpec): string {
  const text = help.replace(/[[\]:\\]/g, (character) => `\\${character}`);
  const argument = value === undefined ? '' : `:${value.replaceAll(':', ' ')}:${action(value, choices)}`;
  return quoted(`${multiple ? '*' : ''}--${name}${value === undefined ? '' : '='}[${text}]${argument}`);
}

const argumentSpec = ({ name, choices }: ArgumentSpec) => quoted(`1:${name}:${action(name, choices)}`);

function action(placeholder: string, choices: readonly string[] | undefined): string {
  if (choices) return `(${choices.join(' ')})`;
  return isPath(placeholder) ? '_files' : '';
}
