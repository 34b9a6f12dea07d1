import { PASSWORD, requestsTo } from './requests';
import { succeed, type TestServer } from './with-server';

/** Tables with nine rows and policies in schema `s` of database `app`, and what the role `datafold` gets of them. */
export function rowSecurity(server: TestServer) {
  const requests = () => requestsTo(server.postgres);
  const asAdmin = async (text: string) => {
    await server.sql(text, 'app', server.postgres.admin);
  };
  beforeEach(async () => {
    await server.freshDatabase('app');
    await asAdmin(
      `CREATE SCHEMA s; CREATE TABLE s.plain (id int); INSERT INTO s.plain SELECT generate_series(1, 9)`,
    );
    await succeed(requests().apply());
  });
  afterEach(async () => {
    await server.sql('ALTER ROLE datafold NOBYPASSRLS; ALTER ROLE datafold RESET ALL');
    await succeed(requests().remove());
  });
  return {
    asAdmin,
    /** What the verification says. */
    async verified() {
      const [database] = (await succeed(requests().verify())).databases;
      return database;
    },
    /** How many of its nine rows the role gets of each table or view, or the code of the failure. */
    async rowsOf(...relations: string[]) {
      const counts: Record<string, unknown> = {};
      for (const relation of relations) {
        const rows = server.sql(`SELECT count(*)::int AS rows FROM s.${relation}`, 'app', {
          user: 'datafold',
          password: PASSWORD,
        });
        counts[relation] = await rows.then(
          ([row]) => row.rows,
          (error: { code: string }) => error.code,
        );
      }
      return counts;
    },
    /** A table with nine rows, row-level security and some policies. */
    async table(name: string, ...policies: string[]) {
      await asAdmin(
        `CREATE TABLE s.${name} (id int, tenant int); INSERT INTO s.${name} SELECT g, g % 3 FROM generate_series(1, 9) g;
         ALTER TABLE s.${name} ENABLE ROW LEVEL SECURITY; ${policies.map((policy) => policy.replace(' ON', ` ON s.${name}`)).join(';')}`,
      );
    },
  };
}
