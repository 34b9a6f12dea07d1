import type { Login } from '../../../private/wire/sql';
import { explain, SqlRunnerError } from '../errors';
import { ident } from '../identifiers';
import { codeAndMessage } from '../sqlstates';
import type { Target } from './target';

interface Attempt {
  readonly login: Login;
  readonly databaseName: string;
  readonly target: Target;
}

/** Names why a connection could not be opened, and what to do about it. */
export function explainConnecting(error: unknown, action: string, attempt: Attempt): SqlRunnerError {
  const { code = '', message } = codeAndMessage(error);
  const advice =
    code === '28000' ? adviceOnLogin(message, attempt) : adviceOnMaintenanceDatabase(code, message, attempt);
  if (error instanceof SqlRunnerError || advice === undefined) return explain(error, action);
  return new SqlRunnerError(`${action} failed: ${message} (${code}). ${advice}`, code, false, {
    cause: error,
  });
}

/** Why PostgreSQL does not let a user in, apart from a wrong password: it says so in the message only. */
function adviceOnLogin(message: string, { login, databaseName, target }: Attempt): string | undefined {
  const [user, database] = [ident(login.user), ident(databaseName)];
  const isPlain = target.address.tls === 'disable';
  // "IAM authentication takes precedence over password authentication":
  // https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/UsingWithRDS.IAMDBAuth.DBAccounts.html
  if (/^[\w ]+ authentication failed for user/.test(message))
    return (
      `The server does not ask ${user} for a password. On RDS and Aurora that is so where the user is a member of rds_iam, by itself or through another role. ` +
      `Run REVOKE rds_iam FROM ${user}, or use an admin that logs in by password; elsewhere, let pg_hba.conf ask ${user} for scram-sha-256.`
    );
  if (isPlain && /^no pg_hba\.conf entry .*(no encryption|SSL off)$/.test(message))
    return `The server demands TLS (rds.force_ssl on RDS), or pg_hba.conf admits no ${user} from the sql-runner's address. Turn TLS on for this server.`;
  if (/^no pg_hba\.conf entry|^pg_hba\.conf rejects/.test(message))
    return `pg_hba.conf does not admit ${user} to database ${database} from the sql-runner's address${isPlain ? ' without TLS' : ''}. Let it have a line with scram-sha-256${isPlain ? ', or turn TLS on for this server' : ''}.`;
  if (/is not permitted to log in/.test(message))
    return `The role is NOLOGIN: somebody locked it, or it is a group. Run ALTER ROLE ${user} LOGIN if it should log in, or use another user.`;
  if (/client certificate/.test(message))
    return `The server demands a certificate of the client, which runs have none of. Let pg_hba.conf ask ${user} for scram-sha-256 alone.`;
  return undefined;
}

/** Roles are made in one agreed database: where it is missing or closed, the list of databases is not to blame. */
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
    ? `The admin may not connect to it.`
    : isClosed
      ? 'It takes no connections.'
      : 'There is no database of that name.';
  const open = isRefused
    ? `, or run GRANT CONNECT ON DATABASE ${ident(databaseName)} TO ${ident(login.user)}`
    : '';
  return `${cause} Runs make roles in the maintenance database. Set maintenanceDatabase to one that the admin can connect to, such as a database that Datafold reads${open}.`;
}
