import { fc } from '../../../support/property';
import { Model } from './model';
import { ROLES, SCHEMAS, type Servers } from './servers';

export type Command = fc.AsyncCommand<Model, Servers>;

const TABLES = SCHEMAS.flatMap((schema) => [`${schema}.t1`, `${schema}.t2`]);
const VIEWS = SCHEMAS.flatMap((schema) => [`${schema}.v1`, `${schema}.v2`]);
const role = fc.constantFrom(...ROLES);
const table = fc.constantFrom(...TABLES);
const schema = fc.constantFrom(...SCHEMAS);
const asRole = (name: string, sql: string) => `SET ROLE ${name}; ${sql}; RESET ROLE`;

/** A statement of another role, possible while `when` is true; `then` changes the model. */
function command(
  sql: string | ((model: Model) => string),
  when: (model: Readonly<Model>) => boolean,
  then: (model: Model) => void = () => undefined,
): Command {
  return {
    check: when,
    async run(model, servers) {
      await servers.onBoth(typeof sql === 'string' ? sql : sql(model));
      then(model);
    },
    toString: () => (typeof sql === 'string' ? sql : sql.toString()),
  };
}

const createTable = fc.tuple(table, role).map(([name, owner]) =>
  command(
    asRole(owner, `CREATE TABLE ${name} (id int, name text)`),
    (model) => !model.tables.has(name),
    (model) => model.tables.set(name, owner),
  ),
);

const dropTable = table.map((name) =>
  command(
    `DROP TABLE ${name} CASCADE`,
    (model) => model.tables.has(name),
    (model) => model.drop(name),
  ),
);

const changeOwner = fc.tuple(table, role).map(([name, owner]) =>
  command(
    `ALTER TABLE ${name} OWNER TO ${owner}`,
    (model) => model.tables.has(name),
    (model) => model.tables.set(name, owner),
  ),
);

const createView = fc.tuple(fc.constantFrom(...VIEWS), table, role).map(([name, of, owner]) =>
  command(
    `CREATE VIEW ${name} AS SELECT * FROM ${of}; ALTER VIEW ${name} OWNER TO ${owner}`,
    (model) => model.tables.has(of) && !model.views.has(name),
    (model) => model.views.set(name, of),
  ),
);

const policy = fc
  .tuple(table, fc.constantFrom('true', 'id > 0'))
  .map(([name, expression]) =>
    command(
      `ALTER TABLE ${name} ENABLE ROW LEVEL SECURITY; DROP POLICY IF EXISTS p ON ${name}; CREATE POLICY p ON ${name} USING (${expression})`,
      (model) => model.tables.has(name),
    ),
  );

const grant = fc
  .tuple(table, fc.constantFrom('SELECT', 'INSERT', 'SELECT (id)', 'ALL'), role, fc.boolean())
  .map(([name, privilege, to, passOn]) =>
    command(
      `GRANT ${privilege} ON ${name} TO ${to}${passOn ? ' WITH GRANT OPTION' : ''}`,
      (model) => model.tables.has(name) && model.tables.get(name) !== to,
      (model) => {
        if (passOn && /^(SELECT|ALL)$/.test(privilege)) model.mayGrant.add(`${name} ${to}`);
      },
    ),
  );

const passGrantOn = fc
  .tuple(table, role, role)
  .map(([name, by, to]) =>
    command(
      asRole(by, `GRANT SELECT ON ${name} TO ${to}`),
      (model) => model.mayGrant.has(`${name} ${by}`) && model.tables.get(name) !== to && by !== to,
    ),
  );

// Later roles in the list become members of earlier ones, which prevents cycles.
const addMember = fc
  .tuple(fc.nat(ROLES.length - 2), fc.nat(ROLES.length - 1), fc.boolean())
  .map(([of, member, admin]) =>
    command(`GRANT ${ROLES[of]} TO ${ROLES[member]}${admin ? ' WITH ADMIN OPTION' : ''}`, () => of < member),
  );

const defaultPrivileges = fc
  .tuple(role, fc.option(schema), fc.constantFrom('GRANT', 'REVOKE'), role)
  .map(([by, within, verb, to]) =>
    command(
      `ALTER DEFAULT PRIVILEGES FOR ROLE ${by}${within ? ` IN SCHEMA ${within}` : ''} ` +
        `${verb} SELECT ON TABLES ${verb === 'GRANT' ? 'TO' : 'FROM'} ${to}`,
      () => by !== to,
    ),
  );

/** Commands of owners, other roles and migrations. */
export const othersCommands = [
  createTable,
  createTable,
  dropTable,
  changeOwner,
  createView,
  policy,
  grant,
  passGrantOn,
  addMember,
  defaultPrivileges,
];
export { table };
