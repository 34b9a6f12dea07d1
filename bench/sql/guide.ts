import { Client } from 'pg';
import type { Postgres } from '../../test/support/postgres';
import { PASSWORD } from '../../test/support/requests';

/** The statements of Datafold's guide, in database `app`. */
export class Guide {
  private readonly grants: readonly string[];

  constructor(
    private readonly postgres: Postgres,
    schemas: number,
  ) {
    this.grants = Array.from({ length: schemas }, (_, schema) => [
      `GRANT USAGE ON SCHEMA s${schema} TO datafold`,
      `GRANT SELECT ON ALL TABLES IN SCHEMA s${schema} TO datafold`,
    ]).flat();
  }

  /** As a person would: psql sends one statement after the other, over a connection with TLS. */
  async run(admin: Client): Promise<void> {
    await admin.query('CREATE SCHEMA datafold_tmp');
    await admin.query(`CREATE ROLE datafold WITH LOGIN ENCRYPTED PASSWORD '${PASSWORD}'`);
    await admin.query('GRANT ALL ON SCHEMA datafold_tmp TO datafold');
    await this.resend();
  }

  /** The grants once more, for new tables. */
  async resend(): Promise<void> {
    const { host, port, admin, caCertificate: ca } = this.postgres;
    const client = new Client({ host, port, database: 'app', ...admin, ssl: { ca } });
    await client.connect();
    for (const statement of this.grants) await client.query(statement);
    await client.end();
  }
}

/** Removes what the guide, or a peer, made. */
export async function undo(admin: Client): Promise<void> {
  await admin.query(
    'GRANT datafold TO CURRENT_USER; DROP SCHEMA datafold_tmp CASCADE; DROP OWNED BY datafold; DROP ROLE datafold',
  );
}
