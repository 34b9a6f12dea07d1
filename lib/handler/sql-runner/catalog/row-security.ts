/** SQL that is true where row-level security of the table `t` holds for the role `u` (rows of pg_class and pg_roles). */
export const ROW_SECURITY_HOLDS = `(t.relrowsecurity AND NOT u.rolsuper AND NOT u.rolbypassrls
  AND (t.relforcerowsecurity OR NOT pg_has_role(u.oid, t.relowner, 'USAGE')))`;

/** SQL for the policies `p` of the table `t` that apply to what the role `u` reads. */
const APPLIES = `p.polrelid = t.oid AND p.polcmd IN ('r', '*')
  AND EXISTS (SELECT FROM unnest(p.polroles) role WHERE CASE role WHEN 0 THEN true ELSE pg_has_role(u.oid, role, 'USAGE') END)`;

const IS_TRUE = `(pg_get_expr(p.polqual, p.polrelid) = 'true')`;

/**
 * SQL that is true for a policy `p` that plainly lets the current user `me` see each row: whatever else it says is not looked
 * into. That `current_user` is `me` is plain too, alone or before an OR: under a view, policies apply to the view's owner.
 */
const IS_OPEN = `(SELECT e.text = 'true' OR e.text = '(' || e.me || ')' OR left(e.text, length(e.me) + 7) = '((' || e.me || ') OR '
  FROM (SELECT pg_get_expr(p.polqual, p.polrelid) AS text, format('CURRENT_USER = %L::name', me.rolname) AS me) e)`;

const PERMITS = `${APPLIES} AND p.polpermissive AND p.polqual IS NOT NULL`;
const RESTRICTS = `${APPLIES} AND NOT p.polpermissive AND p.polqual IS NOT NULL AND NOT ${IS_OPEN}`;

/** SQL that is true where permissive policies show each row. But for `true`, one that fails may be asked before one that shows it. */
export const IS_SHOWN = `(EXISTS (SELECT FROM pg_policy p WHERE ${PERMITS} AND ${IS_TRUE})
  OR EXISTS (SELECT FROM pg_policy p WHERE ${PERMITS}) AND NOT EXISTS (SELECT FROM pg_policy p WHERE ${PERMITS} AND NOT ${IS_OPEN}))`;

/** SQL for what the policies of the table `t` do to the role `u`, where they hold: null where all rows are plainly seen. */
export const POLICY_KIND = `CASE
  WHEN EXISTS (SELECT FROM pg_policy p WHERE ${RESTRICTS}) THEN 'restrictive-policy'
  WHEN ${IS_SHOWN} THEN NULL
  WHEN EXISTS (SELECT FROM pg_policy p WHERE ${PERMITS}) THEN 'policy'
  ELSE 'no-policy' END`;

/** SQL for the policies that do not plainly show each row. */
export const BLOCKING_POLICIES = `(SELECT json_agg(json_build_object('name', p.polname, 'qual', pg_get_expr(p.polqual, p.polrelid), 'restrictive', NOT p.polpermissive)
    ORDER BY p.polpermissive, p.polname)
  FROM pg_policy p WHERE ${APPLIES} AND p.polqual IS NOT NULL AND NOT ${IS_OPEN})`;
