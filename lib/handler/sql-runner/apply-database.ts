import type { AccessSpec, ApplyRequest, DatabaseSpec } from '../../private/wire/sql';
import { readCreatorsWithoutDefault } from './catalog/creators';
import { readDatabase } from './catalog/database';
import { readHeld } from './catalog/held';
import { readMissingRelations } from './catalog/missing-relations';
import { readRelationGroups } from './catalog/relation-groups';
import { readSchemas, type SchemaFacts } from './catalog/schemas';
import type { ServerFacts } from './catalog/server';
import { SqlRunnerError } from './errors';
import { execute, type Outcome } from './execute';
import { ident } from './identifiers';
import { planDefaultPrivileges } from './plan/default-privileges';
import { planRelations, planSchemaUsage, planWholeSchemas } from './plan/grants';
import { planRevokes } from './plan/revokes';
import { selectSchemas } from './plan/select-schemas';
import type { Statement } from './plan/statement';
import { planTempSchema, tempSchemaConflict } from './plan/temp-schema';
import type { Session } from './postgres';
import { Reach } from './reach';
import { dropTempSchema } from './temp-schema';

const PAGE = 2_000;

/** The role for which a database is set up. */
export interface Grantee {
  readonly oid: number;
  /** Made by this library: all its grants are ours to take back. */
  readonly isOurs: boolean;
}

/** How one database went. */
export interface DatabaseOutcome {
  readonly finished: boolean;
  readonly notices: readonly string[];
}

/** Fails, before anything is written, if a schema is named that is not there or is not ours to use. */
export function checkDatabase(
  schemas: readonly SchemaFacts[],
  request: ApplyRequest,
  spec: DatabaseSpec,
): void {
  const { access, owner } = request;
  const database = ident(spec.databaseName);
  const { unknown } = selectSchemas(schemas, spec, access.tempSchema);
  if (unknown.length > 0) {
    const names = unknown.slice(0, 10).map(ident).join(', ');
    throw new SqlRunnerError(
      `Database ${database} has no schema ${names}. Correct \`schemas\`, or create it first.`,
      '3F000',
    );
  }
  const wish = {
    name: access.tempSchema,
    roleName: access.roleName,
    adoptExisting: access.adoptExisting,
    owner,
  };
  const conflict = tempSchemaConflict(
    wish,
    schemas.find((schema) => schema.name === access.tempSchema),
  );
  if (conflict !== undefined) throw new SqlRunnerError(`Database ${database}: ${conflict}`, '42P06');
}

/** Brings one database to what is wanted, inside the transaction of `session`. */
export async function applyDatabase(
  session: Session,
  server: ServerFacts,
  request: ApplyRequest,
  spec: DatabaseSpec,
  role: Grantee,
): Promise<DatabaseOutcome> {
  const work = new DatabaseWork(session, server, request, spec, role);
  const finished = await work.run();
  await work.reach.giveBack(); // after an error, the rollback does it
  return { finished, notices: work.notices };
}

class DatabaseWork {
  readonly notices: string[] = [];
  readonly reach: Reach;

  constructor(
    private readonly session: Session,
    server: ServerFacts,
    private readonly request: ApplyRequest,
    private readonly spec: DatabaseSpec,
    private readonly role: Grantee,
  ) {
    this.reach = new Reach(session, server);
  }

  private get access(): AccessSpec {
    return this.request.access;
  }

  /** True when all is done, false when time ran out. */
  async run(): Promise<boolean> {
    const schemas = await readSchemas(this.session, this.role.oid);
    checkDatabase(schemas, this.request, this.spec);
    const { granted, unknownExcluded } = selectSchemas(schemas, this.spec, this.access.tempSchema);
    if (unknownExcluded.length > 0) {
      const names = unknownExcluded.slice(0, 10).map(ident).join(', ');
      this.notices.push(
        `Database ${ident(this.spec.databaseName)} has no schema ${names}, which \`excludeSchemas\` names.`,
      );
    }
    return (
      (await this.connectAndTempSchema(schemas)) &&
      (await this.readable(granted)) &&
      (await this.futureTables(granted)) &&
      (await this.takeAway(schemas, granted))
    );
  }

  private async connectAndTempSchema(schemas: SchemaFacts[]): Promise<boolean> {
    const database = await readDatabase(this.session, this.role.oid);
    const { roleName, tempSchema, adoptExisting } = this.access;
    const wish = { name: tempSchema, roleName, adoptExisting, owner: this.request.owner };
    const found = schemas.find((schema) => schema.name === tempSchema);
    const connect = `GRANT CONNECT ON DATABASE ${ident(this.spec.databaseName)} TO ${ident(roleName)}`;
    const { refused } = await this.execute([
      ...(database.connect ? [] : [{ text: connect, actAs: database.owner }]),
      ...planTempSchema(wish, found, database.owner),
    ]);
    if (refused.length === 0) return true;
    throw new SqlRunnerError(
      `Database ${ident(this.spec.databaseName)} belongs to ${ident(database.ownerName)}, and the admin may not act as it (42501). ` +
        `Let an owner or superuser run: ${refused[0].text};`,
      '42501',
    );
  }

  private async readable(granted: readonly SchemaFacts[]): Promise<boolean> {
    const { roleName } = this.access;
    const oids = granted.map((schema) => schema.oid);
    const usage = await this.execute(planSchemaUsage(roleName, granted));
    if (!usage.finished) return false;
    const groups = (await readRelationGroups(this.session, this.role.oid, oids)).filter(
      (group) => group.relations > 0,
    );
    const lacking = groups.filter((group) => group.missing > 0);
    if (lacking.length === 0) return true;
    const concerned = new Set(lacking.map((group) => group.schema));
    const owners = granted.filter((schema) => concerned.has(schema.oid)).map((schema) => schema.owner);
    await this.reach.extendTo([...owners, ...lacking.map((group) => group.owner)]);
    const way = (oid: number) => this.reach.way(oid);
    const whole = planWholeSchemas(roleName, granted, groups, way);
    if (!(await this.execute(whole)).finished) return false;
    for (let after = 0; ;) {
      const page = await readMissingRelations(this.session, this.role.oid, [...concerned], {
        after,
        limit: PAGE,
      });
      if (!(await this.execute(planRelations(roleName, granted, page, way))).finished) return false;
      if (page.length < PAGE) return true;
      after = page.at(-1)!.oid;
    }
  }

  private async futureTables(granted: readonly SchemaFacts[]): Promise<boolean> {
    if (!this.access.futureTables) return true;
    const creators = await readCreatorsWithoutDefault(
      this.session,
      this.role.oid,
      granted.map((schema) => schema.oid),
    );
    await this.reach.extendTo(creators.map((creator) => creator.creator));
    const plan = planDefaultPrivileges(this.access.roleName, granted, creators, (oid) =>
      this.reach.nameOf(oid),
    );
    const { finished, refused } = await this.execute(plan);
    for (const { actAs, text } of refused.slice(0, 5)) {
      this.notices.push(
        `Tables that ${ident(this.reach.nameOf(actAs!))} makes later stay unreadable; as that role, run: ${text};`,
      );
    }
    return finished;
  }

  /** Takes away what the role has outside of what is wanted, and the temp schema of an earlier name. */
  private async takeAway(schemas: readonly SchemaFacts[], granted: readonly SchemaFacts[]): Promise<boolean> {
    const { access, previous } = this.request;
    const former = schemas.find(
      (schema) => schema.name === previous?.tempSchema && schema.name !== access.tempSchema,
    );
    if (former)
      this.notices.push(
        ...(await dropTempSchema(this.session, this.reach, former, this.request.owner, this.role.oid)),
      );
    const wanted = granted.map((schema) => schema.name);
    const before = previous?.databases.find((database) => database.databaseName === this.spec.databaseName);
    const hadBefore = before ? selectSchemas(schemas, before, '').granted.map((schema) => schema.name) : [];
    const scope = {
      except: [...wanted, access.tempSchema],
      only: this.role.isOurs ? undefined : hadBefore,
      limit: PAGE,
    };
    for (;;) {
      const held = await readHeld(this.session, this.role.oid, scope);
      const defaults = access.futureTables ? [] : await this.heldDefaults(wanted);
      const outside = [...held.filter((grant) => grant.schema !== null), ...defaults];
      await this.reach.extendTo(outside.map((grant) => grant.grantor));
      const plan = planRevokes(access.roleName, outside, (oid) => this.reach.nameOf(oid));
      const { finished, refused } = await this.execute(plan);
      for (const { text } of refused.slice(0, 5)) {
        this.notices.push(`Could not take back a privilege; let its grantor run: ${text};`);
      }
      if (!finished) return false;
      if (held.length < PAGE || refused.length > 0) return true;
    }
  }

  private async heldDefaults(wanted: readonly string[]) {
    const held = await readHeld(this.session, this.role.oid, { except: [], only: wanted, limit: 1_000_000 });
    return held.filter((grant) => grant.kind === 'default');
  }

  private async execute(statements: readonly Statement[]): Promise<Outcome> {
    await this.reach.extendTo(statements.flatMap((statement) => statement.actAs ?? []));
    return execute(this.session, this.reach, statements);
  }
}
