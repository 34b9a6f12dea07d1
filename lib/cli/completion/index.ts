import { defineCommand, type Command } from '../command';
import { bashScript } from './bash';
import { fishScript } from './fish';
import { zshScript } from './zsh';

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript };
type Shell = keyof typeof SCRIPTS;

/** `completion SHELL`: prints the script that makes a shell complete commands and options. */
export function completionCommand(commands: () => readonly Command[]): Command {
  return defineCommand({
    name: 'completion',
    summary: 'print the script that makes bash, zsh or fish complete commands and options',
    description: 'Prints a script for your shell. It completes commands, options and their values.',
    usage: 'SHELL',
    argument: { name: 'SHELL', help: 'bash, zsh or fish', choices: Object.keys(SCRIPTS) },
    options: {},
    notes: `For a tool that is installed (npm install --global cdk-datafold-postgres):

  bash  cdk-datafold-postgres completion bash > ~/.local/share/bash-completion/completions/cdk-datafold-postgres
  zsh   cdk-datafold-postgres completion zsh > "\${fpath[1]}/_cdk-datafold-postgres"
  fish  cdk-datafold-postgres completion fish > ~/.config/fish/completions/cdk-datafold-postgres.fish`,
    async run(_, terminal, shell) {
      terminal.out(SCRIPTS[shell as Shell](commands()));
      return 0;
    },
  });
}
