/** SQL that is true if row-level security of the table `t` (a row of pg_class) applies to the role `u` (a row of pg_roles). */
export const ROW_SECURITY_HOLDS = `(t.relrowsecurity AND NOT u.rolsuper AND NOT u.rolbypassrls
  AND (t.relforcerowsecurity OR NOT pg_has_role(u.oid, t.relowner, 'USAGE')))`;

/** SQL that is true for a policy `p` of the table `t` that applies when the role `u` reads. */
const APPLIES = `p.polrelid = t.oid AND p.polcmd IN ('r', '*')
  AND EXISTS (SELECT FROM unnest(p.polroles) role WHERE CASE role WHEN 0 THEN true ELSE pg_has_role(u.oid, role, 'USAGE') END)`;

const IS_TRUE = `(pg_get_expr(p.polqual, p.polrelid) = 'true')`;

/**
 * SQL that is true for a policy `p` that obviously shows all rows to the current user `me`: its expression is `true`, or
 * `current_user = me` alone or before an OR. Other expressions are not analyzed. The second form matters under a view, where the
 * policies for the owner of the view apply.
 */
const IS_OPEN = `(SELECT e.text = 'true' OR e.text = '(' || e.me || ')' OR left(e.text, length(e.me) + 7) = '((' || e.me || ') OR '
  FROM (SELECT pg_get_expr(p.polqual, p.polrelid) AS text, format('CURRENT_USER = %L::name', me.rolname) AS me) e)`;

const PERMITS = `${APPLIES} AND p.polpermissive AND p.polqual IS NOT NULL`;
const RESTRICTS = `${APPLIES} AND NOT p.polpermissive AND p.polqual IS NOT NULL AND NOT ${IS_OPEN}`;

/** SQL that is true if the permissive policies show all rows: one of them is `true`, or all are open, as a failing one may be evaluated first. */
export const IS_SHOWN = `(EXISTS (SELECT FROM pg_policy p WHERE ${PERMITS} AND ${IS_TRUE})
  OR EXISTS (SELECT FROM pg_policy p WHERE ${PERMITS}) AND NOT EXISTS (SELECT FROM pg_policy p WHERE ${PERMITS} AND NOT ${IS_OPEN}))`;

/** SQL for the effect of the policies of the table `t` on the role `u`, if they apply; null if all rows are shown. */
export const POLICY_KIND = `CASE
  WHEN EXISTS (SELECT FROM pg_policy p WHERE ${RESTRICTS}) THEN 'restrictive-policy'
  WHEN ${IS_SHOWN} THEN NULL
  WHEN EXISTS (SELECT FROM pg_policy p WHERE ${PERMITS}) THEN 'policy'
  ELSE 'no-policy' END`;

/** SQL for the policies that may hide rows. */
export const BLOCKING_POLICIES = `(SELECT json_agg(json_build_object('name', p.polname, 'qual', pg_get_expr(p.polqual, p.polrelid), 'restrictive', NOT p.polpermissive)
    ORDER BY p.polpermissive, p.polname)
  FROM pg_policy p WHERE ${APPLIES} AND p.polqual IS NOT NULL AND NOT ${IS_OPEN})`;
