import { ident } from '../identifiers';
import { codeAndMessage } from '../sqlstates';

/** A setting that can end or cancel a session before `prepare` overrides it. */
interface EarlySetting {
  readonly names: readonly string[];
  /** The option of the startup packet that takes precedence over the settings of databases and roles. */
  readonly option: string;
}

const timeout = (name: string): EarlySetting => ({ names: [name], option: `-c ${name}=0` });

/** By error code. The owner of a database, and each role for itself, may change these settings. */
const EARLY: Readonly<Record<string, EarlySetting>> = {
  '57014': timeout('statement_timeout'),
  '57P05': timeout('idle_session_timeout'),
  '25P04': timeout('transaction_timeout'),
  '58P01': {
    names: ['local_preload_libraries', 'session_preload_libraries'],
    option: '-c local_preload_libraries=', // only superusers may override the other one
  },
};

/** Returns the setting that ended a new session. The password was accepted before. */
export function settingThatEnds(error: unknown): EarlySetting | undefined {
  const { code = '', message } = codeAndMessage(error);
  return code === '57014' && !/statement timeout/.test(message) ? undefined : EARLY[code];
}

/** Returns the cause and the statements that reset the setting. */
export function adviceOnEarly({ names }: EarlySetting, user: string, databaseName: string): string {
  const resets = names.map((name) => `ALTER DATABASE ${ident(databaseName)} RESET ${name};`).join(' ');
  const ofRole = names.map((name) => `ALTER ROLE ${ident(user)} RESET ${name};`).join(' ');
  return `${names.join(' or ')} of the database, the role or the server ends sessions before their first statement. Run from another database: ${resets} or ${ofRole} pg_db_role_setting shows where the setting is.`;
}
