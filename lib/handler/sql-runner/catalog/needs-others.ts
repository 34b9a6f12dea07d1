/** The lowest oid of user objects (FirstNormalObjectId): built-in objects have lower ones. */
export const FIRST_USER_OID = 16384;

/**
 * SQL that is true if an object depends on another object that neither the role (`$2`) owns, nor PostgreSQL or an extension
 * provides. Casts, members of operator families and the like have no owner: they count as the role's if they depend on nothing
 * that another role owns.
 */
export function needsOthers(classid: string, objid: string): string {
  return `EXISTS (
       SELECT FROM pg_depend n
       WHERE n.classid = ${classid} AND n.objid = ${objid} AND n.refobjid >= ${FIRST_USER_OID}
         AND $2::oid IS DISTINCT FROM CASE n.refclassid
           WHEN 'pg_type'::regclass THEN (SELECT typowner FROM pg_type WHERE oid = n.refobjid)
           WHEN 'pg_class'::regclass THEN (SELECT relowner FROM pg_class WHERE oid = n.refobjid)
           ELSE (SELECT s.refobjid FROM pg_shdepend s JOIN pg_database b ON b.oid = s.dbid AND b.datname = current_database()
                 WHERE s.classid = n.refclassid AND s.objid = n.refobjid AND s.deptype = 'o') END
         AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = n.refclassid AND e.objid = n.refobjid AND e.deptype = 'e'))`;
}
