import type { ApplyRequest } from '../../../private/wire/sql';
import { readHeld, type HeldGrant } from '../catalog/held';
import type { SchemaFacts } from '../catalog/schemas';
import { planRevokes } from '../plan/revokes';
import { selectSchemas } from '../plan/select-schemas';
import { perform, type DatabaseWork } from './database-work';
import { tellKept } from './keep-adopted';
import { dropTempSchema } from './temp-schema';

const PAGE = 10_000;
const NAMED = 5;

/** Takes away what the role has outside of what is wanted, and the temp schema of an earlier name. False if time, or the transaction's share of locks, ran out. */
export async function takeAwayTheRest(
  work: DatabaseWork,
  schemas: readonly SchemaFacts[],
  granted: readonly SchemaFacts[],
): Promise<boolean> {
  const { session, reach, request, role, notices } = work;
  const former = schemas.find((schema) => schema.name === formerTempSchema(request));
  if (former) {
    const removal = await dropTempSchema(session, reach, former, request.owner, role.oid);
    notices.push(...removal.notices);
    if (!removal.finished) return false;
  }
  const wanted = granted.map((schema) => schema.name);
  const except = [...wanted, request.access.tempSchema];
  const isElsewhere = ({ name, isSystem }: SchemaFacts) => !isSystem && !except.includes(name);
  if (request.access.futureTables && !schemas.some(isElsewhere)) return true;
  if (!role.isOurs) {
    notices.push(...(await tellKeptInDatabase(work, schemas, wanted)));
    return true;
  }
  const read = async (limit: number) => {
    const outside = await readHeld(session, role.oid, { except, limit });
    const defaults = request.access.futureTables ? [] : await readDefaults(work, wanted);
    return [...outside, ...defaults].filter((grant) => grant.schema !== null);
  };
  const { finished, refused } = await revokeAll(work, request.access.roleName, read);
  for (const text of refused.slice(0, NAMED)) {
    notices.push(`A privilege could not be taken back; let its grantor run: ${text};`);
  }
  return finished;
}

/**
 * Revokes what `read` finds, a page at a time, each grant as the role that gave it. Not finished: time or the
 * transaction's share of locks ran out, and more of it is left.
 */
export async function revokeAll(
  work: Pick<DatabaseWork, 'session' | 'reach'>,
  roleName: string,
  read: (limit: number) => Promise<HeldGrant[]>,
): Promise<{ finished: boolean; refused: string[] }> {
  const { session, reach } = work;
  const keyOf = ({ kind, oid, grantor }: HeldGrant) => `${kind} ${oid} ${grantor}`;
  const tried = new Set<string>();
  const refused: string[] = [];
  for (;;) {
    const size = Math.max(1, Math.min(PAGE, session.room));
    const held = await read(size + tried.size);
    const open = held.filter((grant) => !tried.has(keyOf(grant)));
    if (open.length === 0) return { finished: true, refused };
    if (session.isShareUsed) {
      const inVain = tried.size > 0 && held.length - open.length === tried.size; // another transaction would do no more
      return { finished: inVain, refused };
    }
    const page = open.slice(0, size);
    await reach.extendTo(page.map((grant) => grant.grantor));
    const plan = planRevokes(roleName, page, (oid) => reach.nameOf(oid));
    const outcome = await perform(work, plan);
    refused.push(...outcome.refused.map((statement) => statement.text));
    if (!outcome.finished) return { finished: false, refused };
    for (const grant of page) tried.add(keyOf(grant));
  }
}

function formerTempSchema({ access, previous }: ApplyRequest): string | undefined {
  return previous?.tempSchema === access.tempSchema ? undefined : previous?.tempSchema;
}

/** What the run before asked for and this one does not: what has left the schemas to read, and default privileges. */
async function tellKeptInDatabase(
  { session, request: { access, previous }, role, spec }: DatabaseWork,
  schemas: readonly SchemaFacts[],
  wanted: readonly string[],
): Promise<string[]> {
  const before = previous?.databases.find((database) => database.databaseName === spec.databaseName);
  const had = before
    ? selectSchemas(schemas, before, previous!.tempSchema).granted.map(({ name }) => name)
    : [];
  const defaultsToo = previous?.futureTables === true && !access.futureTables;
  const left = had.filter((name) => !wanted.includes(name) && name !== access.tempSchema);
  const only = defaultsToo ? [...left, ...wanted] : left;
  if (only.length === 0) return [];
  const isMeant = (grant: HeldGrant) =>
    left.includes(grant.schema!) || (defaultsToo && grant.kind === 'default' && grant.schema !== null);
  return tellKept(session, access.roleName, role.oid, { except: [], only }, isMeant);
}

async function readDefaults(
  { session, role }: DatabaseWork,
  schemas: readonly string[],
): Promise<HeldGrant[]> {
  const held = await readHeld(session, role.oid, {
    except: [],
    only: schemas,
    limit: Number.MAX_SAFE_INTEGER,
  });
  return held.filter((grant) => grant.kind === 'default');
}
