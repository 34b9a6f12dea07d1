/** SQL for the role whose reading a query is about. */
export interface Reader {
  /** A FROM item and its condition: one row of pg_roles. */
  readonly row: string;
  /** The first argument of `has_table_privilege` and the like, with a comma; empty for the current user. */
  readonly argument: string;
  /** A FROM item like pg_roles, which also has the role. */
  readonly roles: string;
}

/** The role that logged in. */
export const CURRENT_USER: Reader = {
  row: 'pg_roles WHERE rolname = current_user',
  argument: '',
  roles: 'pg_roles',
};
