import {
  FULL_MEMBERSHIP,
  grantMembership,
  membershipOptions,
  revokeMembership,
} from '../../handler/sql-runner/plan/privileges';
import { gset, gexec } from './text';

const IS_16 = `current_setting('server_version_num')::int >= 160000`;
/** PostgreSQL 16 and later: the options of a membership that the administrator granted itself before. */
const option = (name: string) => `coalesce(to_jsonb(m) ->> '${name}_option', 'true')`;

/** Restores the administrator's memberships that `borrow` changed. */
export const restoreMemberships = (name = 'restore_memberships') => `:${name}`;
export const RESTORE_MEMBERSHIPS = restoreMemberships();

/**
 * Makes the administrator a member of roles whose rights it lacks, until `RESTORE_MEMBERSHIPS`. A superuser lacks none; PostgreSQL
 * refuses it, and with it the whole script, if the administrator may not grant the role. `roles` is an array of oids.
 */
export function borrow(roles: string, name = 'restore_memberships'): string {
  const from = 'FROM pg_roles r';
  const where = `WHERE r.oid = ANY (${roles}) AND NOT r.rolsuper AND NOT pg_has_role(r.oid, 'USAGE')`;
  const before = `LEFT JOIN pg_auth_members m ON m.roleid = r.oid AND m.member = current_user::regrole AND m.grantor = current_user::regrole`;
  const restore = `format('${grantMembership('%I', membershipOptions('%s', '%s'))};', r.rolname, ${option('inherit')}, ${option('set')})`;
  const statement = `CASE WHEN m.roleid IS NULL THEN format('${revokeMembership('%I')};', r.rolname) WHEN ${IS_16} THEN ${restore} END`;
  const options = `CASE WHEN ${IS_16} THEN '${FULL_MEMBERSHIP}' ELSE '' END`;
  return [
    gset(`SELECT coalesce(string_agg(${statement}, ' '), '') AS ${name} \n${from} ${before}\n${where}`),
    gexec(`SELECT format('${grantMembership('%I', '%s')}', r.rolname, ${options})\n${from} ${where}`),
  ].join('\n');
}
