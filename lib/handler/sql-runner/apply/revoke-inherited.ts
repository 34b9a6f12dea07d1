import { readDefaultsForOthers, readSchemaGrantees } from '../catalog/inherited-grants';
import { ident } from '../identifiers';
import { revoke, revokeLater } from '../plan/privileges';
import { DEFAULTS_FOR } from '../plan/revokes';
import type { Statement } from '../plan/statement';
import { perform, type DatabaseWork } from '../work/database-work';

/**
 * Revokes the privileges that other roles got in a new temp schema: through default privileges of its creator on the schema, and
 * of the role on objects in it. Nobody requested them, and they would outlast the removal. For an adopted role, they are only
 * reported. Returns false if time ran out.
 */
export async function revokeInherited(work: DatabaseWork): Promise<boolean> {
  const { session, role, request, notices } = work;
  const { tempSchema, roleName } = request.access;
  const found = await readSchemaGrantees(session, tempSchema, role.oid);
  const plan: Statement[] = [];
  if (found) {
    const text = revoke('ALL', `SCHEMA ${ident(tempSchema)}`, found.grantees.join(', '));
    plan.push({ text, actAs: found.owner });
  }
  for (const { objectType, schema, grantees } of await readDefaultsForOthers(session, tempSchema, role.oid)) {
    const scope = schema === null ? '' : ` IN SCHEMA ${ident(schema)}`;
    const text = revokeLater(ident(roleName), scope, DEFAULTS_FOR[objectType], grantees.join(', '));
    if (role.isOurs) plan.push({ text, actAs: role.oid });
    else notices.push(describe(work, text));
  }
  const { finished, refused } = await perform(work, plan);
  notices.push(...refused.map(({ text }) => describe(work, text)));
  return finished;
}

function describe({ session, request }: DatabaseWork, text: string): string {
  const { tempSchema } = request.access;
  return `Database ${ident(session.databaseName)}: default privileges grant other roles privileges on schema ${ident(tempSchema)}, or on objects that Datafold creates in it. To revoke them, run: ${text};`;
}
