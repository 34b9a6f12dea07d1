import type { Command } from '../command';
import { firstWords, isPath, optionsOf } from './words';

/** The completion for bash: needs nothing but bash itself. */
export function bashScript(commands: readonly Command[]): string {
  const names = commands.map(({ name }) => name).join(' ');
  return `# bash completion of cdk-datafold-postgres
_cdk_datafold_postgres() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} command=\${COMP_WORDS[1]}
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W '${firstWords(commands)
      .map(({ name }) => name)
      .join(' ')}' -- "$current"))
    return
  fi
  if [ "$command" = help ]; then
    COMPREPLY=($(compgen -W '${names}' -- "$current"))
    return
  fi
  case "$command $previous" in
${commands.flatMap(valuePatterns).join('\n')}
  esac
  case "$command" in
${commands.map(wordsPattern).join('\n')}
  esac
}
complete -F _cdk_datafold_postgres cdk-datafold-postgres
`;
}

const FILES = `local IFS=$'\\n'; COMPREPLY=($(compgen -f -- "$current")); compopt -o filenames 2>/dev/null; return`;
const words = (list: readonly string[]) => `COMPREPLY=($(compgen -W '${list.join(' ')}' -- "$current"))`;

/** What follows an option that takes a value. */
function valuePatterns(command: Command): string[] {
  return optionsOf(command)
    .filter(([, { value }]) => value !== undefined)
    .map(([name, { value, choices }]) => {
      const reply = choices ? `${words(choices)}; return` : isPath(value) ? FILES : 'return';
      return `    '${command.name} --${name}') ${reply} ;;`;
    });
}

/** The options of a command, or its argument. */
function wordsPattern(command: Command): string {
  const { name, argument } = command;
  const options = optionsOf(command).map(([option]) => `--${option}`);
  const files =
    argument && !argument.choices
      ? `if [[ $current != -* ]]; then ${FILES}; fi
      `
      : '';
  return `    ${name})
      ${files}${words([...(argument?.choices ?? []), ...options])} ;;`;
}
