import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { COMMANDS } from '../../lib/cli/commands';
import { defineCommand } from '../../lib/cli/command';
import { completionCommand } from '../../lib/cli/completion';
import { run } from './support/run';

const folder = mkdtempSync(join(tmpdir(), 'datafold-completion-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ORDER = defineCommand({
  name: 'order',
  summary: "order a meal: today's",
  description: '',
  usage: 'FILE',
  argument: { name: 'FILE', help: 'the menu' },
  options: {
    size: { value: 'SIZE', help: 'how much', choices: ['small', 'large'] },
    side: { value: 'DISH', help: 'a side dish [none]', multiple: true },
    bill: { value: 'FILE', help: 'the bill' },
    spicy: { help: 'with chili' },
  },
  run: async () => 0,
});
const SHELLS = completionCommand(() => [ORDER]);
const script = async (shell: string) => (await run(['completion', shell], [SHELLS])).out;

const BASH = `# bash completion of cdk-datafold-postgres
_cdk_datafold_postgres() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} command=\${COMP_WORDS[1]}
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W 'order help --version --help' -- "$current"))
    return
  fi
  if [ "$command" = help ]; then
    COMPREPLY=($(compgen -W 'order' -- "$current"))
    return
  fi
  case "$command $previous" in
    'order --size') COMPREPLY=($(compgen -W 'small large' -- "$current")); return ;;
    'order --side') return ;;
    'order --bill') local IFS=$'\\n'; COMPREPLY=($(compgen -f -- "$current")); compopt -o filenames 2>/dev/null; return ;;
  esac
  case "$command" in
    order)
      if [[ $current != -* ]]; then local IFS=$'\\n'; COMPREPLY=($(compgen -f -- "$current")); compopt -o filenames 2>/dev/null; return; fi
      COMPREPLY=($(compgen -W '--size --side --bill --spicy --no-color --help' -- "$current")) ;;
  esac
}
complete -F _cdk_datafold_postgres cdk-datafold-postgres
`;

const ZSH = `#compdef cdk-datafold-postgres
# zsh completion of cdk-datafold-postgres
_cdk_datafold_postgres() {
  local -a first
  if (( CURRENT == 2 )); then
    first=(
      'order:order a meal: today'\\''s'
      'help:show the options of a command'
      '--version:print the version'
      '--help:show the commands'
    )
    _describe command first
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
    help) _arguments '1:command:(order)' ;;
    order) _arguments \\
      '--size=[how much]:SIZE:(small large)' \\
      '*--side=[a side dish \\[none\\]]:DISH:' \\
      '--bill=[the bill]:FILE:_files' \\
      '--spicy[with chili]' \\
      '--no-color[no colors]' \\
      '--help[show the help]' \\
      '1:FILE:_files' ;;
  esac
}
_cdk_datafold_postgres "$@"
`;

const FISH = `# fish completion of cdk-datafold-postgres
complete -c cdk-datafold-postgres -f
complete -c cdk-datafold-postgres -n __fish_use_subcommand -a order -d 'order a meal: today\\'s'
complete -c cdk-datafold-postgres -n __fish_use_subcommand -a help -d 'show the options of a command'
complete -c cdk-datafold-postgres -n __fish_use_subcommand -l version -d 'print the version'
complete -c cdk-datafold-postgres -n __fish_use_subcommand -l help -d 'show the commands'
complete -c cdk-datafold-postgres -n '__fish_seen_subcommand_from help' -a 'order'
complete -c cdk-datafold-postgres -n '__fish_seen_subcommand_from order' -F
complete -c cdk-datafold-postgres -n '__fish_seen_subcommand_from order' -l size -x -a 'small large' -d 'how much'
complete -c cdk-datafold-postgres -n '__fish_seen_subcommand_from order' -l side -x -d 'a side dish [none]'
complete -c cdk-datafold-postgres -n '__fish_seen_subcommand_from order' -l bill -r -F -d 'the bill'
complete -c cdk-datafold-postgres -n '__fish_seen_subcommand_from order' -l spicy -d 'with chili'
complete -c cdk-datafold-postgres -n '__fish_seen_subcommand_from order' -l no-color -d 'no colors'
complete -c cdk-datafold-postgres -n '__fish_seen_subcommand_from order' -l help -d 'show the help'
`;

test('the script for bash', async () => {
  expect(await script('bash')).toBe(BASH);
});

test('the script for zsh', async () => {
  expect(await script('zsh')).toBe(ZSH);
});

test('the script for fish', async () => {
  expect(await script('fish')).toBe(FISH);
});

const has = (shell: string) => spawnSync(shell, ['-c', 'true']).status === 0;
const testIn = (shell: string) => (has(shell) ? test : test.skip);
const scriptOfTool = async (shell: string) => {
  const file = join(folder, `script.${shell}`);
  writeFileSync(file, (await run(['completion', shell], COMMANDS)).out);
  return file;
};

testIn('bash').each([
  ['do', ['doctor']],
  ['doctor --st', ['--stack']],
  ['help acc', ['accept']],
  ['completion z', ['zsh']],
  ['sql --database ', []],
])('bash completes %j', async (line, expected) => {
  const words = ['cdk-datafold-postgres', ...line.split(' ')];
  const complete = `source '${await scriptOfTool('bash')}'; COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _cdk_datafold_postgres; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const found = execFileSync('bash', ['-c', complete], { encoding: 'utf8' });
  expect(found.split('\n').filter((one) => one !== '')).toEqual(expected);
});

testIn('fish').each([
  ['do', ['doctor']],
  ['doctor --st', ['--stack']],
  ['help acc', ['accept']],
  ['completion z', ['zsh']],
])('fish completes %j', async (line, expected) => {
  const complete = `source '${await scriptOfTool('fish')}'; complete -C 'cdk-datafold-postgres ${line}'`;
  const found = execFileSync('fish', ['--no-config', '-c', complete], { encoding: 'utf8' });
  const words = found.split('\n').filter((one) => one !== '');
  expect(words.map((one) => one.split('\t')[0])).toEqual(expected);
});

testIn('zsh')('zsh accepts the script', async () => {
  execFileSync('zsh', ['-n', await scriptOfTool('zsh')]);
});
