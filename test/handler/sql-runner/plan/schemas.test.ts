import {
  isOpen,
  skippedNotice,
  openingStatement,
} from '../../../../lib/handler/sql-runner/plan/closed-database';
import { secretSchemasNotice } from '../../../../lib/handler/sql-runner/plan/secret-schemas';
import { selectSchemas } from '../../../../lib/handler/sql-runner/plan/select-schemas';
import { MARKS, schema } from './facts';

const SCHEMAS = [
  schema('public'),
  schema('shop'),
  schema('pg_catalog', { internal: true }),
  schema('datafold_tmp'),
  schema('other_tmp', { comment: MARKS.anothers }),
];
const select = (spec: { schemas?: string[]; excludeSchemas?: string[] }) => {
  const { granted, ...rest } = selectSchemas(SCHEMAS, { databaseName: 'app', ...spec }, 'datafold_tmp');
  return { granted: granted.map(({ name }) => name), ...rest };
};

test('without names, all schemas except internal ones are selected', () => {
  expect(select({})).toEqual({ granted: ['public', 'shop'], unknown: [], unknownExcluded: [] });
  expect(select({ excludeSchemas: ['shop', 'shpo'] })).toEqual({
    granted: ['public'],
    unknown: [],
    unknownExcluded: ['shpo'],
  });
});

test('named schemas are selected, but never the temp schema', () => {
  expect(select({ schemas: ['shop', 'pg_catalog', 'other_tmp', 'datafold_tmp', 'shpo'] })).toEqual({
    granted: ['shop', 'pg_catalog', 'other_tmp'],
    unknown: ['shpo'],
    unknownExcluded: [],
  });
});

test('schemas of software with secrets get a notice if they were not named', () => {
  const granted = [schema('shop'), schema('vault'), schema('auth')];
  expect(secretSchemasNotice({ databaseName: 'app' }, granted)).toBe(
    'Database "app": all schemas are granted, including "vault", "auth": schemas of these names usually contain keys, password hashes or tokens. To exclude them, name them in excludeSchemas; to keep them, name all schemas in schemas.',
  );
  expect(secretSchemasNotice({ databaseName: 'app', schemas: ['vault'] }, granted)).toBeUndefined();
  expect(secretSchemasNotice({ databaseName: 'app' }, [schema('shop')])).toBeUndefined();
});

test.each([
  '_realtime',
  '_supavisor',
  'auth',
  'cron',
  'hdb_catalog',
  'net',
  'pgsodium',
  'pgsodium_masks',
  'vault',
])('%s is a schema with secrets', (name) => {
  expect(secretSchemasNotice({ databaseName: 'app' }, [schema(name)])).toContain(`, including "${name}":`);
});

test('a database that the administrator cannot connect to comes with the statement that allows it', () => {
  const app = { name: 'app', takesConnections: true, adminMayConnect: true };
  const [closed, closedToAdmin] = [
    { ...app, takesConnections: false },
    { ...app, adminMayConnect: false },
  ];
  expect([app, closed, closedToAdmin, undefined].map(isOpen)).toEqual([true, false, false, false]);
  expect(openingStatement(closed, 'master')).toBe('ALTER DATABASE "app" ALLOW_CONNECTIONS true;');
  expect(openingStatement(closedToAdmin, 'master')).toBe('GRANT CONNECT ON DATABASE "app" TO "master";');
  expect(skippedNotice(closedToAdmin)).toBe(
    `The administrator cannot connect to database "app": nothing was revoked in it.`,
  );
});
