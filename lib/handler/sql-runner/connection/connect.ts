import Client from 'pg/lib/client';
import type { Login } from '../../../private/wire/sql';
import { SqlRunnerError } from '../errors';
import { explainConnecting } from './explain-connecting';
import { ident } from '../identifiers';
import { retryFor } from '../sqlstates';
import { repeated } from './retry';
import { settingThatEnds } from './early-settings';
import { prepare, refuseRdsProxy } from './prepare';
import { type Target, addNotices } from './target';
import { trust } from './trust';

const CONNECT_TIMEOUT_MS = 10_000;
/** How long to retry if the server is paused, starting or out of connections. The caller may invoke again afterwards. */
const CONNECT_RETRY_WINDOW_MS = 60_000;

/** Opens a connection. Retries while the server is paused, starting or out of connections. */
export async function connect(target: Target, login: Login, databaseName: string) {
  const { host, port } = target.address;
  const action = `Connecting to database ${ident(databaseName)} at ${host}:${port} as ${ident(login.user)}`;
  refuseRdsProxy(host, action);
  const options = new Set<string>();
  const retryUntil = Date.now() + Math.min(CONNECT_RETRY_WINDOW_MS, target.deadline.forWork() / 2);
  return repeated(
    () => open(target, login, databaseName, action, [...options]),
    (error, _, pauseMs) => {
      // The verification reports the settings of the role: in its sessions they are not overridden.
      const setting = settingThatEnds(error);
      const isAdmin = login.user === target.adminName;
      if (setting && isAdmin && !options.has(setting.option)) return void options.add(setting.option);
      if (
        setting ||
        retryFor(error) === undefined ||
        Date.now() + pauseMs > retryUntil ||
        target.deadline.isNear()
      )
        throw explainConnecting(error, action, { login, databaseName, target });
    },
  );
}

async function open(
  target: Target,
  login: Login,
  database: string,
  action: string,
  options: readonly string[],
) {
  const { address, deadline, onConnected } = target;
  const isPlain = address.tls === 'disable';
  let asked: 'scram' | 'md5' | 'clear' = 'scram';
  const password = () => {
    if (isPlain && asked === 'clear')
      throw new SqlRunnerError(`${action} failed: ${CLEAR_PASSWORD}`, 'CLEARTEXT');
    return login.password;
  };
  const client = new Client({
    host: address.host,
    port: address.port,
    user: login.user,
    password,
    database,
    ssl: isPlain ? false : { rejectUnauthorized: true, ...trust(address) },
    connectionTimeoutMillis: Math.max(1, Math.min(CONNECT_TIMEOUT_MS, deadline.forWork())),
    application_name: 'cdk-datafold-postgres',
    ...(options.length > 0 && { options: options.join(' ') }),
  });
  let lost: unknown;
  client.on('error', (error) => (lost ??= error)); // a lost connection also fails the query that waits for it
  const { connection } = client as unknown as { connection: NodeJS.EventEmitter };
  connection.once('authenticationMD5Password', () => (asked = 'md5'));
  connection.once('authenticationCleartextPassword', () => (asked = 'clear'));
  let salt: string | undefined;
  connection.once('authenticationSASLContinue', ({ data }: { data: string }) => {
    salt = /,s=([^,]*)/.exec(data)?.[1];
  });
  const usesScram = () => asked === 'scram';
  try {
    await client.connect();
    await prepare(client, deadline, action);
    if (isPlain && !usesScram()) addNotices(target, [md5WithoutTls(login)]);
    onConnected?.();
    return { client, usesScram: usesScram() };
  } catch (failed) {
    await client.end().catch(() => undefined);
    const error = settingThatEnds(lost) ? lost : failed;
    Object.assign(error as object, { asked, salt, ...(!usesScram() && { usesScram: false }) });
    throw error;
  }
}

const CLEAR_PASSWORD =
  'the server requests the password in plain text, without TLS (CLEARTEXT), so the password was not sent: anybody on the network could read it. ' +
  'Enable TLS; or, if the network is trusted, require scram-sha-256 in pg_hba.conf. If the address is a connection pooler, use that of the server itself.';

function md5WithoutTls({ user }: Login): string {
  return (
    `The server requests the password of ${ident(user)} as an MD5 hash, without TLS: anybody on the network can test passwords against the hash. ` +
    'Enable TLS, or set the password again with password_encryption = scram-sha-256.'
  );
}
