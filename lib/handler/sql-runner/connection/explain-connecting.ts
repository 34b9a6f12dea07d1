import type { Login } from '../../../private/wire/sql';
import { explain, SqlRunnerError } from '../errors';
import { ident } from '../identifiers';
import { codeAndMessage } from '../sqlstates';
import { adviceOnEarly, settingThatEnds } from './early-settings';
import type { Target } from './target';
import { grantConnect } from '../plan/privileges';

interface Attempt {
  readonly login: Login;
  readonly databaseName: string;
  readonly target: Target;
}

/** Returns the error of a failed connection, with cause and next step. */
export function explainConnecting(error: unknown, action: string, attempt: Attempt): SqlRunnerError {
  const { code = '', message } = codeAndMessage(error);
  const early = settingThatEnds(error);
  const advice = early
    ? adviceOnEarly(early, attempt.login.user, attempt.databaseName)
    : code === '28000'
      ? adviceOnLogin(message, attempt)
      : adviceOnMaintenanceDatabase(code, message, attempt);
  if (error instanceof SqlRunnerError || advice === undefined) return explain(error, action);
  return new SqlRunnerError(`${action} failed: ${message} (${code}). ${advice}`, code, false, {
    cause: error,
  });
}

/** Returns advice on a rejected login (28000). Only the message of PostgreSQL tells the causes apart. */
function adviceOnLogin(message: string, { login, databaseName, target }: Attempt): string | undefined {
  const [user, database] = [ident(login.user), ident(databaseName)];
  const isPlain = target.address.tls === 'disable';
  // "IAM authentication takes precedence over password authentication":
  // https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.IAMDBAuth.DBAccounts.html
  if (/^[\w ]+ authentication failed for user/.test(message))
    return (
      `The server does not accept a password from ${user}. On RDS and Aurora, the user is then a member of rds_iam, directly or through another role. ` +
      `Run REVOKE rds_iam FROM ${user}, or use an administrator that logs in with a password. On other servers, require scram-sha-256 for ${user} in pg_hba.conf.`
    );
  if (isPlain && /^no pg_hba\.conf entry .*(no encryption|SSL off)$/.test(message))
    return `The server requires TLS (rds.force_ssl on RDS), or pg_hba.conf has no entry for ${user} and the address of the sql-runner. Enable TLS for this server.`;
  if (/^no pg_hba\.conf entry|^pg_hba\.conf rejects/.test(message))
    return `pg_hba.conf does not allow ${user} to connect to database ${database} from the address of the sql-runner${isPlain ? ' without TLS' : ''}. Add an entry with scram-sha-256${isPlain ? ', or enable TLS for this server' : ''}.`;
  if (/is not permitted to log in/.test(message))
    return `The role ${user} is NOLOGIN: an administrator locked it, or it is a group role. Run ALTER ROLE ${user} LOGIN, or use another user.`;
  if (/client certificate/.test(message))
    return `The server requires a client certificate, which the sql-runner does not have. Require only scram-sha-256 for ${user} in pg_hba.conf.`;
  return undefined;
}

/** Returns advice if the failed connection was to the maintenance database, which is not one of the databases to read. */
function adviceOnMaintenanceDatabase(
  code: string,
  message: string,
  { login, databaseName, target }: Attempt,
): string | undefined {
  if (databaseName !== target.maintenanceDatabase) return undefined;
  const isRefused = code === '42501' && /^permission denied for database/.test(message);
  const isClosed = code === '55000';
  if (code !== '3D000' && !isRefused && !isClosed) return undefined;
  const cause = isRefused
    ? 'The administrator may not connect to the database.'
    : isClosed
      ? 'The database does not accept connections.'
      : 'The database does not exist.';
  const open = isRefused ? `, or run ${grantConnect(databaseName, login.user)}` : '';
  return `${cause} The sql-runner creates roles in the maintenance database. Set maintenanceDatabase to a database that the administrator can connect to, such as a database that Datafold reads${open}.`;
}
