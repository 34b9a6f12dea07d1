import { setTimeout as sleep } from 'node:timers/promises';
import { answer } from '../../../../lib/handler/sql-runner/answer';
import type { AccessSpec, ApplyRequest, RemoveRequest } from '../../../../lib/private/wire/sql';
import type { ApplyReport, RemoveReport } from '../../../../lib/private/wire/sql-reports';
import { createReachableOwner } from '../../../support/postgres-server/rds';
import { ACCESS, PASSWORD, requestsTo } from '../../../support/requests';
import type { TestServer } from '../../../support/with-server';

const DATAFOLD = { user: 'datafold', password: PASSWORD };
export const ROLES = ['amy', 'ben', 'cleo', 'dan'];
export const SCHEMAS = ['s1', 's2'];

const RELATIONS = `SELECT c.oid::regclass::text AS relation FROM pg_class c WHERE relkind IN ('r', 'p', 'v', 'm')
  AND relnamespace::regnamespace::text = ANY ('{s1,s2}') ORDER BY 1`;

/** Two servers with the same history, of which only one ever had Datafold. */
export class Servers {
  constructor(
    readonly real: TestServer,
    readonly twin: TestServer,
  ) {}

  /** Removes what previous runs left on both servers: roles, memberships and the database. */
  async reset(): Promise<void> {
    for (const server of [this.real, this.twin]) {
      await server.freshDatabase('app');
      await server.sql(`DROP ROLE IF EXISTS ${[...ROLES, 'datafold'].join(', ')}`);
      const admin = await server.postgres.connect(server.postgres.admin, 'postgres');
      for (const role of ROLES) await createReachableOwner(admin, role);
      await admin.end();
      for (const schema of SCHEMAS)
        await server.sql(
          `CREATE SCHEMA ${schema} AUTHORIZATION ${server.postgres.admin.user}; GRANT USAGE, CREATE ON SCHEMA ${schema} TO ${ROLES.join(', ')}`,
          'app',
        );
    }
  }

  /** Runs statements of other roles on both servers. */
  async onBoth(sql: string): Promise<void> {
    for (const server of [this.real, this.twin]) await server.sql(sql, 'app');
  }

  /** Runs statements about Datafold's role on the server that has it. */
  async onReal(sql: string): Promise<void> {
    await this.real.sql(sql, 'app');
  }

  apply(access: Partial<AccessSpec>, previous: AccessSpec | undefined): ApplyRequest {
    return requestsTo(this.real.postgres).apply({
      access: { ...ACCESS, onUnreadable: 'warn', ...access },
      ...(previous && { previous }),
    });
  }

  remove(access: AccessSpec): RemoveRequest {
    return requestsTo(this.real.postgres).remove({ access });
  }

  /** Invokes until the work is finished, as the provisioner does. */
  async finish(request: ApplyRequest | RemoveRequest): Promise<ApplyReport | RemoveReport> {
    for (let invocation = 1; invocation < 20; invocation += 1) {
      const result = await answer(request);
      if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`);
      if (result.report.finished) return result.report;
    }
    throw new Error('never finished');
  }

  /** Runs once, and terminates its sessions as soon as it has changed something. */
  async kill(request: ApplyRequest | RemoveRequest): Promise<void> {
    const changes = () =>
      (this.real.postgres.log().match(/(GRANT|REVOKE|CREATE SCHEMA|DROP) /g) ?? []).length;
    const before = changes();
    let running = true;
    const run = answer(request).finally(() => (running = false));
    while (running && changes() < before + 2) await sleep(5);
    await this.real.sql(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'cdk-datafold-postgres'`,
    );
    await run;
  }

  /** Returns relations in the two schemas that Datafold's role cannot read. */
  async unreadable(): Promise<string[]> {
    const relations = (await this.real.sql(RELATIONS, 'app')).map(({ relation }) => String(relation));
    const session = await this.real.postgres.connect(DATAFOLD, 'app');
    const failed: string[] = [];
    for (const relation of relations)
      await session.query(`SELECT FROM ${relation} LIMIT 1`).catch(() => failed.push(relation));
    await session.end();
    return failed;
  }

  dumps(): Promise<[string, string]> {
    return Promise.all([this.real.dump('app'), this.twin.dump('app')]);
  }
}
