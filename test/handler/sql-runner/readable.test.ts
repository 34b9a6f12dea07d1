import { relationGroupsQuery } from '../../../lib/handler/sql-runner/catalog/relation-groups';
import { withServer } from '../../support/with-server';

const server = withServer();

beforeAll(async () => {
  await server.freshDatabase('app');
  await server.sql(
    `CREATE ROLE reader; CREATE ROLE team; CREATE ROLE seller; CREATE ROLE colleague; GRANT seller TO colleague; CREATE ROLE boss SUPERUSER;
     CREATE ROLE aloof NOINHERIT; GRANT seller TO aloof; CREATE ROLE mate; GRANT team TO mate; CREATE SCHEMA shop`,
    'app',
  );
  if (server.postgres.versionNum >= 140000)
    await server.sql('CREATE ROLE analyst; GRANT pg_read_all_data TO analyst', 'app');
  // Each relation has another kind of ACL.
  const acls = {
    none: '',
    default: 'GRANT INSERT ON shop.default TO reader; REVOKE INSERT ON shop.default FROM reader',
    reader: 'GRANT SELECT ON shop.reader TO reader',
    inserter: 'GRANT INSERT ON shop.inserter TO reader, team',
    team: 'GRANT SELECT ON shop.team TO team',
    everybody: 'GRANT SELECT ON shop.everybody TO PUBLIC',
    passed_on: `GRANT SELECT ON shop.passed_on TO team WITH GRANT OPTION; SET ROLE team; GRANT SELECT ON shop.passed_on TO reader; RESET ROLE`,
    locked: 'REVOKE ALL ON shop.locked FROM seller',
    empty:
      'REVOKE ALL ON shop.empty FROM seller; GRANT SELECT ON shop.empty TO reader; REVOKE ALL ON shop.empty FROM reader',
    column: 'GRANT SELECT (id) ON shop.column TO reader',
  };
  await server.sql('GRANT USAGE ON SCHEMA shop TO PUBLIC', 'app');
  for (const [name, grants] of Object.entries(acls)) {
    await server.sql(
      `CREATE TABLE shop.${name} (id int); ALTER TABLE shop.${name} OWNER TO seller; ${grants}`,
      'app',
    );
  }
});

test('counts the relations that a role cannot read as PostgreSQL does, for each kind of ACL and role', async () => {
  const client = await server.connection('app');
  const { rows: roles } = await client.query<{ oid: number; name: string }>(
    `SELECT oid, rolname AS name FROM pg_roles WHERE oid >= 16384 ORDER BY name`,
  );
  const [schema] = await server.sql(`SELECT 'shop'::regnamespace::oid AS oid`, 'app');
  const found: Record<string, number> = {};
  const expected: Record<string, number> = {};
  for (const { oid, name } of roles) {
    const { text, values } = relationGroupsQuery(oid, [schema.oid as number]);
    found[name] = (await client.query<{ missing: number }>(text, [...values])).rows[0].missing;
    const privileges = `SELECT count(*)::int AS n FROM pg_class WHERE relnamespace = $2 AND NOT has_table_privilege($1::oid, oid, 'SELECT')`;
    expected[name] = (await client.query<{ n: number }>(privileges, [oid, schema.oid])).rows[0].n;
  }
  expect(found).toEqual(expected);
  expect(found).toMatchObject({ reader: 7, mate: 7, seller: 2, colleague: 2, aloof: 9, boss: 0 });
});
