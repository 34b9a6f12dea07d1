import { readWritable, type WritableObject } from '../catalog/writable';
import type { Session } from '../connection/session';
import { ident, qualified } from '../identifiers';

const NAMED = 20;

/** What the role can change outside of its temp schema, and how to end that. */
export interface Elsewhere {
  readonly writable: readonly { readonly object: string; readonly statement: string }[];
  readonly writableCount: number;
}

/** Logged in as the role: looks for everything that it can write where it should only read. */
export async function findElsewhere(session: Session, tempSchema: string, role: string): Promise<Elsewhere> {
  const found = await readWritable(session, tempSchema, NAMED);
  return {
    writable: found.map((one) => ({ object: describe(one), statement: statementFor(one, role) })),
    writableCount: found[0]?.count ?? 0,
  };
}

function describe({ kind, schema, name, privileges, byPublic }: WritableObject): string {
  const object = kind === 'relation' ? qualified(schema!, name) : ident(name);
  return `${privileges} on ${kind} ${object}${byPublic ? ', which everybody has' : ''}`;
}

/** A right that came by membership or ownership ends elsewhere, but this is where to begin. */
function statementFor({ kind, schema, name, privileges, byPublic }: WritableObject, role: string): string {
  if (kind === 'role') return `ALTER ROLE ${ident(name)} NO${privileges.replaceAll(', ', ' NO')};`;
  const object = kind === 'relation' ? qualified(schema!, name) : ident(name);
  const keyword = { relation: 'TABLE', schema: 'SCHEMA', database: 'DATABASE' }[kind];
  return `REVOKE ${privileges} ON ${keyword} ${object} FROM ${byPublic ? 'PUBLIC' : ident(role)};`;
}
