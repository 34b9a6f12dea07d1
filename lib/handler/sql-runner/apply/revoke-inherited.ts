import { readDefaultsForOthers, readSchemaGrantees } from '../catalog/inherited-grants';
import { ident } from '../identifiers';
import { DEFAULTS_FOR } from '../plan/revokes';
import type { Statement } from '../plan/statement';
import { perform, type DatabaseWork } from '../work/database-work';

/**
 * Takes away what others got in a temp schema that was made just now: by default privileges of its maker on the schema, and by
 * those of the role on what it makes there. Nobody asked for either, and both would outlast the removal. From a role that was
 * there before nothing is revoked: it is reported. False if time ran out.
 */
export async function revokeInherited(work: DatabaseWork): Promise<boolean> {
  const { session, role, request, notices } = work;
  const { tempSchema, roleName } = request.access;
  const found = await readSchemaGrantees(session, tempSchema, role.oid);
  const plan: Statement[] = [];
  if (found) {
    const text = `REVOKE ALL ON SCHEMA ${ident(tempSchema)} FROM ${found.grantees.join(', ')} CASCADE`;
    plan.push({ text, actAs: found.owner });
  }
  for (const { objectType, schema, grantees } of await readDefaultsForOthers(session, tempSchema, role.oid)) {
    const scope = schema === null ? '' : ` IN SCHEMA ${ident(schema)}`;
    const objects = DEFAULTS_FOR[objectType];
    const text = `ALTER DEFAULT PRIVILEGES FOR ROLE ${ident(roleName)}${scope} REVOKE ALL ON ${objects} FROM ${grantees.join(', ')} CASCADE`;
    if (role.isOurs) plan.push({ text, actAs: role.oid });
    else notices.push(describe(work, text));
  }
  const { finished, refused } = await perform(work, plan);
  notices.push(...refused.map(({ text }) => describe(work, text)));
  return finished;
}

function describe({ session, request }: DatabaseWork, text: string): string {
  const { tempSchema } = request.access;
  return `Database ${ident(session.databaseName)}: default privileges give others rights in schema ${ident(tempSchema)}, or on what Datafold makes there. To end that, run: ${text};`;
}
