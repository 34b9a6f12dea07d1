import { answer as handler } from '../../../../lib/handler/sql-runner/answer';
import type { DatabaseAccessProperties, ServerProperties } from '../../../../lib/private/wire/resources';
import type { AccessRequest } from '../../../../lib/private/wire/sql';
import type { Postgres } from '../../../support/postgres';
import { PASSWORD, requestsTo } from '../../../support/requests';
import { ADMIN_SECRET, PASSWORD_SECRET, PROPERTIES } from './access';
import type { TestEnvironment } from './test-environment';

/** The sql-runner itself in place of the stand-in; the clock of the account stands still while it works. Without pins: for any server. */
export function useRealSqlRunner(environment: TestEnvironment, pins?: readonly string[]): void {
  environment.functions.invoke = async (name, payload) => {
    environment.faults.check('lambda:InvokeFunction', name);
    const release = environment.clock.hold();
    try {
      return {
        payload: JSON.stringify(await handler(JSON.parse(payload) as AccessRequest, undefined, pins)),
      };
    } finally {
      release();
    }
  };
}

/** A real server as a resource names it. */
export function serverProperties(postgres: Postgres): ServerProperties {
  const { host, port, caCertificate } = requestsTo(postgres).apply().server;
  return { host, port: String(port), tls: 'verify-full', caCertificate };
}

/** A real server with the sql-runner itself, the secrets of its admin and of the role, and what an access to it is. */
export function setUpRealAccess(environment: TestEnvironment, postgres: Postgres): DatabaseAccessProperties {
  useRealSqlRunner(environment);
  const { user, password } = postgres.admin;
  environment.secrets.add(ADMIN_SECRET, JSON.stringify({ username: user, password }));
  environment.secrets.add(PASSWORD_SECRET, environment.secret(PASSWORD));
  return { ...PROPERTIES, server: serverProperties(postgres) };
}
