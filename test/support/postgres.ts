import type { ChildProcess } from 'node:child_process';
import { appendFileSync, chmodSync, chownSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { binaries } from './postgres-server/binaries';
import { certificateFor } from './postgres-server/certificate';
import {
  copyDataDirectory,
  folderForData,
  freePort,
  launch,
  privateFolder,
  SUPERUSER,
} from './postgres-server/cluster';
import { ADMIN, setUpAsRds } from './postgres-server/rds';

export interface PostgresOptions {
  /** Settings for postgresql.conf. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Lines of pg_hba.conf that come first. */
  readonly hba?: readonly string[];
  /** The port to try first; default: a free one. */
  readonly port?: number;
  /** The folder whose `node_modules` contains the package of the server; default: that of the library. */
  readonly from?: string;
}

export interface Credentials {
  readonly user: string;
  readonly password: string;
}

/** A temporary PostgreSQL server, configured like one of RDS. */
export interface Postgres {
  /** A name that the server's certificate is for. */
  readonly host: string;
  readonly port: number;
  /** The certificate to trust. */
  readonly caCertificate: string;
  /** For example 180004. */
  readonly versionNum: number;
  readonly superuser: Credentials;
  /** LOGIN CREATEROLE CREATEDB, member of `rds_superuser`, not a superuser. */
  readonly admin: Credentials;
  /** A connection that the caller ends; without TLS, for short tests. */
  connect(credentials: Credentials, database?: string): Promise<Client>;
  /** What the server has logged so far. */
  log(): string;
  /** Restarts the server as a standby, which is read-only. */
  becomeStandby(): Promise<void>;
  stop(): Promise<void>;
}

const HOST = 'localhost';

/** Starts a real PostgreSQL from npm, which ends with this process at the latest. */
export async function startPostgres(options: PostgresOptions = {}): Promise<Postgres> {
  const unpacked = binaries(options.from);
  const folder = privateFolder('cdk-datafold-postgres-run-', unpacked.runAs, folderForData());
  const data = await copyDataDirectory(unpacked, folder);
  const tls = await certificateFor([HOST, '127.0.0.1']);
  const own = (name: string, text: string) => {
    writeFileSync(join(data, name), text);
    chmodSync(join(data, name), 0o600);
    if (unpacked.runAs.uid !== undefined)
      chownSync(join(data, name), unpacked.runAs.uid, unpacked.runAs.gid!);
  };
  own('server.crt', tls.certificate);
  own('server.key', tls.key);
  own('pg_hba.conf', [...(options.hba ?? []), 'host all all 127.0.0.1/32 scram-sha-256', ''].join('\n'));
  appendFileSync(join(data, 'postgresql.conf'), configuration(options.settings ?? {}));
  const log = join(folder, 'server.log');
  const logged = () => readFileSync(log, 'utf8');
  let port: number;
  let server: ChildProcess;

  const connect = async (credentials: Credentials, database = 'postgres') => {
    const client = new Client({ host: '127.0.0.1', port, database, ...credentials });
    client.on('error', () => undefined); // a server that stops ends its connections
    await client.connect();
    return client;
  };
  /** Another process may take the port before the server does; a new one then. */
  const start = async (): Promise<Client> => {
    for (let first = options.port; ; first = undefined) {
      port = first ?? (await freePort());
      server = launch(unpacked, data, port, log);
      try {
        const superuser = await withRetries(async () => connect(SUPERUSER), server, log);
        const { rows } = await superuser.query<{ data_directory: string }>('SHOW data_directory');
        if (rows[0].data_directory === data) return superuser;
        await superuser.end();
      } catch (error) {
        if (!logged().includes(': Address already in use')) throw error;
      }
      await end();
      writeFileSync(log, '');
    }
  };
  const end = async () => {
    if (server.exitCode !== null) return;
    server.ref();
    const ended = once(server, 'exit');
    server.stdin!.end();
    await ended;
  };
  const stop = async () => {
    await end();
    rmSync(folder, { recursive: true, force: true });
  };

  try {
    const superuser = await start();
    const { rows } = await superuser.query<{ server_version_num: string }>('SHOW server_version_num');
    const versionNum = Number(rows[0].server_version_num);
    await setUpAsRds(superuser, versionNum);
    await superuser.end();
    return {
      host: HOST,
      port: port!,
      caCertificate: tls.ca,
      versionNum,
      superuser: SUPERUSER,
      admin: ADMIN,
      connect,
      log: logged,
      async becomeStandby() {
        await end();
        rmSync(join(data, 'postmaster.pid'), { force: true });
        if (versionNum >= 120000) own('standby.signal', '');
        else own('recovery.conf', "standby_mode = 'on'\n");
        server = launch(unpacked, data, port, log);
        await (await withRetries(() => connect(SUPERUSER), server, log)).end();
      },
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function configuration(settings: Readonly<Record<string, string>>): string {
  const all: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    shared_buffers: '32MB',
    max_wal_senders: '0',
    ssl: 'on',
    ssl_cert_file: 'server.crt',
    ssl_key_file: 'server.key',
    password_encryption: 'scram-sha-256',
    log_statement: 'mod',
    log_line_prefix: '%t:%r:%u@%d:[%p]:',
    log_timezone: 'UTC',
    timezone: 'UTC',
    ...settings,
  };
  return Object.entries(all)
    .map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'\n`)
    .join('');
}

async function withRetries<T>(
  attempt: () => Promise<T>,
  server: { exitCode: number | null },
  log: string,
): Promise<T> {
  for (const started = Date.now(); ; await sleep(25)) {
    try {
      return await attempt();
    } catch (error) {
      if (server.exitCode !== null || Date.now() - started > 30_000) {
        throw new Error(`PostgreSQL does not start: ${readFileSync(log, 'utf8')}`, { cause: error });
      }
    }
  }
}
