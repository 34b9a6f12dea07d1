import type { Reader } from '../../handler/sql-runner/catalog/reader';
import { quoted } from './part';

/** Returns SQL for the role that Datafold will log in as: with its privileges if it exists, else with those of PUBLIC. */
export function readerFor(roleName: string): Reader {
  const columns = ['rolsuper', 'rolcreaterole', 'rolcreatedb', 'rolbypassrls'];
  const row = `(SELECT coalesce(r.oid, 0::oid) AS oid, w.rolname, ${columns.map((name) => `coalesce(r.${name}, false) AS ${name}`).join(', ')}
    FROM (SELECT ${quoted(roleName)}::name AS rolname) w LEFT JOIN pg_roles r ON r.rolname = w.rolname) reader`;
  return {
    row,
    argument: `${oidOf(roleName)}, `,
    roles: `(SELECT oid, rolname, rolsuper, rolbypassrls FROM pg_roles UNION SELECT oid, rolname, rolsuper, rolbypassrls FROM ${row})`,
  };
}

/** Returns SQL for the oid of a role; 0, which stands for PUBLIC, if it does not exist. */
export function oidOf(roleName: string): string {
  return `coalesce((SELECT oid FROM pg_roles WHERE rolname = ${quoted(roleName)}), 0::oid)`;
}
