import {
  BeginTransactionCommand,
  ExecuteStatementCommand,
  RDSDataClient,
  RollbackTransactionCommand,
} from '@aws-sdk/client-rds-data';
import { setTimeout as sleep } from 'node:timers/promises';
import { withAwsContext } from '../aws/session';
import { inspectServer, type Reader } from './inspect';
import type { DataApiTarget, Inspected, InspectionRequest } from './sql-ports';

/** A paused cluster takes some 15 seconds to resume. */
const RESUME_WINDOW_MS = 60_000;
const RESUME_PAUSE_MS = 3_000;

type Client = Pick<RDSDataClient, 'send'>;

/**
 * Inspects a cluster by the Data API, with the login in the secret.
 *
 * Only statements in one transaction share a session, so the settings that make it read-only and safe belong to the transaction.
 */
export async function inspectByDataApi(
  { clusterArn: resourceArn, secretArn }: DataApiTarget,
  request: InspectionRequest,
  client: Client = new RDSDataClient({}),
): Promise<Inspected> {
  const call = async <T>(action: string, send: () => Promise<T>) =>
    withAwsContext(`rds-data:${action}`, resourceArn, async () => whenResumed(send));
  const withReader = async <T>(database: string, work: (reader: Reader) => Promise<T>) => {
    const at = { resourceArn, secretArn, database };
    const run = async (sql: string, transactionId: string) => {
      const { records = [] } = await call('ExecuteStatement', () =>
        client.send(new ExecuteStatementCommand({ ...at, sql, transactionId })),
      );
      return records.map(([field]) => field?.stringValue ?? '');
    };
    let transaction: string | undefined;
    const begin = async () => {
      const { transactionId = '' } = await call('BeginTransaction', () =>
        client.send(new BeginTransactionCommand(at)),
      );
      transaction = transactionId;
      await run('SET TRANSACTION READ ONLY', transactionId);
      await run('SET LOCAL search_path = pg_catalog, pg_temp', transactionId);
      return transactionId;
    };
    const end = async () => {
      const transactionId = transaction;
      transaction = undefined;
      if (transactionId !== undefined)
        await client
          .send(new RollbackTransactionCommand({ resourceArn, secretArn, transactionId }))
          .catch(() => undefined); // it ends by itself after three minutes
    };
    await begin();
    try {
      return await work({
        async rows(sql) {
          try {
            return await run(sql, transaction ?? (await begin()));
          } catch (error) {
            await end(); // a failed statement ends the transaction
            throw error;
          }
        },
      });
    } finally {
      await end();
    }
  };
  try {
    return {
      connected: true,
      ...(await inspectServer(withReader, request, (error) => (error as Error).message)),
    };
  } catch (error) {
    const { message } = error as Error;
    // The names of databases that were given are those of the deployment.
    const failsFromAnywhere =
      request.databases !== undefined || /password authentication failed/.test(message);
    return { connected: true, error: message, failsFromAnywhere };
  }
}

/** Repeats a call while a paused cluster resumes. */
async function whenResumed<T>(send: () => Promise<T>): Promise<T> {
  for (const started = Date.now(); ; await sleep(RESUME_PAUSE_MS)) {
    try {
      return await send();
    } catch (error) {
      if ((error as Error).name !== 'DatabaseResumingException' || Date.now() - started > RESUME_WINDOW_MS)
        throw error;
    }
  }
}
