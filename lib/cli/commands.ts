import { acceptCommand } from './accept';
import { openSession, type Session } from './aws/session';
import type { Command } from './command';
import { completionCommand } from './completion';
import { doctorCommand } from './doctor';
import { appCommand, fleetCommand } from './fleet';
import { initCommand } from './init';
import { planCommand } from './plan';
import { sqlCommand } from './sql';
import { templateCommand } from './template';

/** Loads the AWS SDK only where a command calls AWS. */
async function awsPorts(session: Session) {
  await openSession(session);
  return (await import('./aws')).awsPorts();
}

/** The commands, in the order of the help. A new command is added here: help, parser and completion follow. */
export const COMMANDS: readonly Command[] = [
  initCommand(awsPorts),
  planCommand(awsPorts),
  templateCommand,
  fleetCommand,
  appCommand,
  sqlCommand,
  doctorCommand(awsPorts),
  acceptCommand(awsPorts),
  completionCommand(() => COMMANDS),
];
