import type { ApplyRequest, DatabaseSpec } from '../../private/wire/sql';
import { readHeld, type HeldGrant } from './catalog/held';
import type { SchemaFacts } from './catalog/schemas';
import { perform, type DatabaseWork } from './database-work';
import { planRevokes } from './plan/revokes';
import { selectSchemas } from './plan/select-schemas';
import { dropTempSchema } from './temp-schema';

const PAGE = 10_000;
const NAMED = 5;

/** Takes away what the role has outside of what is wanted, and the temp schema of an earlier name. False if time ran out. */
export async function takeAwayTheRest(
  work: DatabaseWork,
  schemas: readonly SchemaFacts[],
  granted: readonly SchemaFacts[],
): Promise<boolean> {
  const { session, reach, request, role, notices } = work;
  const former = schemas.find((schema) => schema.name === formerTempSchema(request));
  if (former) notices.push(...(await dropTempSchema(session, reach, former, request.owner, role.oid)));
  const wanted = granted.map((schema) => schema.name);
  const only = role.isOurs ? undefined : hadBefore(schemas, request, work.spec);
  const except = [...wanted, request.access.tempSchema];
  const isElsewhere = ({ name, isSystem }: SchemaFacts) => !isSystem && !except.includes(name);
  if (request.access.futureTables && !schemas.some(isElsewhere)) return true;
  for (;;) {
    const outside = await readHeld(session, role.oid, { except, only, limit: PAGE });
    const defaults = request.access.futureTables ? [] : await readDefaults(work, wanted);
    const leaving = [...outside, ...defaults].filter((grant) => grant.schema !== null);
    if (leaving.length === 0) return true;
    const { finished, refused } = await revoke(work, request.access.roleName, leaving);
    for (const text of refused.slice(0, NAMED)) {
      notices.push(`A privilege could not be taken back; let its grantor run: ${text};`);
    }
    if (!finished) return false;
    if (outside.length < PAGE || refused.length > 0) return true;
  }
}

/** Revokes grants, each as the role that gave it. */
export async function revoke(
  work: Pick<DatabaseWork, 'session' | 'reach'>,
  roleName: string,
  held: readonly HeldGrant[],
): Promise<{ finished: boolean; refused: string[] }> {
  await work.reach.extendTo(held.map((grant) => grant.grantor));
  const plan = planRevokes(roleName, held, (oid) => work.reach.nameOf(oid));
  const { finished, refused } = await perform(work, plan);
  return { finished, refused: refused.map((statement) => statement.text) };
}

function formerTempSchema({ access, previous }: ApplyRequest): string | undefined {
  return previous?.tempSchema === access.tempSchema ? undefined : previous?.tempSchema;
}

/** An adopted role has grants that are not ours: only what the run before gave it is taken back. */
function hadBefore(
  schemas: readonly SchemaFacts[],
  { previous }: ApplyRequest,
  spec: DatabaseSpec,
): string[] {
  const before = previous?.databases.find((database) => database.databaseName === spec.databaseName);
  return before ? selectSchemas(schemas, before, '').granted.map((schema) => schema.name) : [];
}

async function readDefaults(
  { session, role }: DatabaseWork,
  schemas: readonly string[],
): Promise<HeldGrant[]> {
  if (!role.isOurs) return [];
  const held = await readHeld(session, role.oid, {
    except: [],
    only: schemas,
    limit: Number.MAX_SAFE_INTEGER,
  });
  return held.filter((grant) => grant.kind === 'default');
}
