import type { RolePower } from '../../../../lib/handler/sql-runner/catalog/role-powers';
import { dangerOf, powerNotices } from '../../../../lib/handler/sql-runner/plan/role-powers';

const attribute = (name: string): RolePower => ({ kind: 'attribute', name, grantor: null, dangers: [name] });
const group = (name: string, dangers: string[] = [], grantor: string | null = null): RolePower => ({
  ...{ kind: 'group', name, grantor, dangers },
});
const member = (name: string, grantor: string | null = null): RolePower => ({
  ...{ kind: 'member', name, grantor, dangers: [] },
});

test('a role without dangerous rights may be adopted', () => {
  expect(dangerOf('datafold', [])).toBeUndefined();
  expect(dangerOf('datafold', [group('readers'), member('ann')])).toBeUndefined();
});

test('the danger of a role is each dangerous right, with the statements that end them, and nothing else', () => {
  expect(
    dangerOf('datafold', [
      attribute('CREATEROLE'),
      group('rds_superuser', ['rds_superuser'], 'master'),
      group('ops', ['pg_execute_server_program', 'rds_superuser']),
      group('readers'),
    ]),
  ).toBe(
    'The role "datafold" already exists and has far more rights than reading: it has CREATEROLE, it is a member of "rds_superuser", it is a member of "ops" and so of "pg_execute_server_program", "rds_superuser". Run ALTER ROLE "datafold" NOCREATEROLE; REVOKE "rds_superuser" FROM "datafold" GRANTED BY "master"; REVOKE "ops" FROM "datafold"; Or choose another role name.',
  );
});

test('rights and members of the role are reported apart, each with the statement that ends it', () => {
  expect(powerNotices('datafold', [])).toEqual([]);
  expect(powerNotices('datafold', [attribute('REPLICATION')])).toEqual([
    'The role "datafold" has more rights than this library grants: it has REPLICATION. To revoke them, run: ALTER ROLE "datafold" NOREPLICATION;',
  ]);
  expect(powerNotices('datafold', [group('readers'), member('ann', 'master'), member('bob')])).toEqual([
    'The role "datafold" has more rights than this library grants: it is a member of "readers". To revoke them, run: REVOKE "readers" FROM "datafold";',
    'Members of the role "datafold" can act as the role and read the same data: "ann", "bob". To end the memberships, run: REVOKE "datafold" FROM "ann" GRANTED BY "master"; REVOKE "datafold" FROM "bob";',
  ]);
});

test('a weaker creator of the role is reported apart from its members', () => {
  const creator: RolePower = { kind: 'creator', name: 'carol', grantor: 'rdsadmin', dangers: [] };
  expect(dangerOf('datafold', [creator])).toBeUndefined();
  expect(powerNotices('datafold', [creator])).toEqual([
    'The role "datafold" was created by "carol", which can set its password and become a member at any time, and so read the same data. Only a superuser can end that: REVOKE "datafold" FROM "carol" GRANTED BY "rdsadmin"; Otherwise, use a role that the administrator creates.',
  ]);
});

test('five rights are listed, each once', () => {
  const five = ['a', 'b', 'c', 'd', 'e'].map((name) => member(name));
  const names = '"a", "b", "c", "d", "e"';
  expect(powerNotices('datafold', five)[0]).toContain(`same data: ${names}. To end`);
  const [notice] = powerNotices('datafold', [...five, member('f')]);
  expect(notice).toContain(`same data: ${names}, …. To end`);
  expect(notice).toMatch(/REVOKE "datafold" FROM "e"; …$/);
  expect(powerNotices('datafold', [member('a'), member('a')])[0]).toContain('same data: "a". To end');
});
