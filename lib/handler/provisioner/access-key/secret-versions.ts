import { AwsFailure, noneIf } from '../aws/failure';
import type { SecretStage } from '../aws/ports';
import { reasonOf } from '../runtime/failure';
import type { Run } from '../aws/run';
import { parseJournal, type Journal } from './key-secret';

/** Reads one version of a secret; undefined if it does not exist. */
export async function readVersion(run: Run, secret: string, stage: SecretStage): Promise<string | undefined> {
  return run.call(`secret ${secret}, version ${stage}`, () =>
    run.aws.secrets.read(secret, stage).catch(noneIf('ResourceNotFound')),
  );
}

/**
 * Reads the journal of a key's secret as text; undefined if it does not exist or can't be decrypted.
 *
 * When a secret gets another KMS key, Secrets Manager encrypts only "AWSCURRENT, AWSPENDING, and AWSPREVIOUS versions with the
 * new key" (https://docs.aws.amazon.com/secretsmanager/latest/userguide/manage_update-encryption-key.html), so a version with a
 * custom label stays under the previous key. Without the journal no key counts as lost, so none is deleted.
 */
export async function readJournalText(run: Run, secret: string): Promise<string | undefined> {
  return readVersion(run, secret, 'DATAFOLD_PENDING').catch((error: unknown) => {
    if (!(error instanceof AwsFailure) || !error.tolerateDuringRollback) throw error;
    run.log.warn('the journal can not be read and is ignored', { error: reasonOf(error) });
    return undefined;
  });
}

export async function readJournal(run: Run, secret: string): Promise<Journal | undefined> {
  return parseJournal(await readJournalText(run, secret));
}

/** Writes the journal again under the current KMS key of the secret; an empty one replaces a journal that can't be read. */
export async function rewriteJournal(run: Run, secret: string): Promise<void> {
  const text = await readJournalText(run, secret);
  await run.call('journal in the secret, under its current KMS key', () =>
    run.aws.secrets.write(secret, text ?? '{}', 'DATAFOLD_PENDING'),
  );
}
