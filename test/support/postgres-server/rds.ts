import type { Client } from 'pg';
import { escapeIdentifier, escapeLiteral } from 'pg';

/** The admin that RDS makes: it may create roles and databases and is no superuser. */
export const ADMIN = { user: 'master', password: "Admin's secret: 1" };

/** Roles and rights as RDS sets them up; `sql` is the superuser's connection. */
export async function setUpAsRds(sql: Client, versionNum: number): Promise<void> {
  await sql.query("SET log_statement = 'none'; SET log_min_error_statement = 'panic'"); // a password follows
  const { rows } = await sql.query<{ rolname: string }>('SELECT rolname FROM pg_roles');
  const have = new Set(rows.map((row) => row.rolname));
  const predefined = [
    'pg_monitor',
    'pg_signal_backend',
    'pg_checkpoint',
    'pg_read_all_data',
    'pg_write_all_data',
  ];
  const granted = predefined.filter((role) => have.has(role)).join(', ');
  const master = escapeIdentifier(ADMIN.user);
  const statements = [
    'CREATE ROLE rds_superuser',
    'CREATE ROLE rds_iam',
    'CREATE ROLE rds_replication',
    'CREATE ROLE rds_password',
    `GRANT ${granted}, rds_replication, rds_password TO rds_superuser WITH ADMIN OPTION`,
    `CREATE ROLE ${master} LOGIN CREATEROLE CREATEDB PASSWORD ${escapeLiteral(ADMIN.password)}`,
    `GRANT rds_superuser TO ${master} WITH ADMIN OPTION`,
    `ALTER DATABASE postgres OWNER TO ${master}`,
    // RDS gives the master the admin option that CREATEROLE alone no longer has.
    ...(versionNum >= 160000 ? [`GRANT rds_iam TO ${master} WITH ADMIN TRUE, INHERIT FALSE, SET FALSE`] : []),
  ];
  await sql.query(statements.join(';\n'));
}

/** An owner of tables that the admin may become: on RDS, roles are made by the admin. */
export async function createReachableOwner(admin: Client, name: string): Promise<void> {
  await admin.query(`CREATE ROLE ${escapeIdentifier(name)}`);
}

/** An owner of tables whose membership the server refuses to the admin, in every version. */
export async function createUnreachableOwner(
  superuser: Client,
  name: string,
  versionNum: number,
): Promise<void> {
  // Up to 15, CREATEROLE may grant every role that is no superuser; from 16 on it needs the admin option.
  await superuser.query(`CREATE ROLE ${escapeIdentifier(name)} ${versionNum >= 160000 ? '' : 'SUPERUSER'}`);
}
