import { AwsFailure, isAws } from '../aws/failure';
import type { SecretStage } from '../aws/ports';
import { reasonOf } from '../runtime/failure';
import type { Run } from '../aws/run';
import { parseJournal, type Journal } from './key-secret';

/** The text of one version of a secret; undefined where there is none. */
export async function readVersion(run: Run, secret: string, stage: SecretStage): Promise<string | undefined> {
  return run.call(`secret ${secret}, version ${stage}`, () =>
    run.aws.secrets.read(secret, stage).catch((error: unknown) => {
      if (isAws(error, 'ResourceNotFound')) return undefined;
      throw error;
    }),
  );
}

/**
 * The journal of a key's secret, as text; undefined where there is none, and where it can't be read.
 *
 * When a secret gets another KMS key, Secrets Manager encrypts only "AWSCURRENT, AWSPENDING, and AWSPREVIOUS versions with the
 * new key" (https://docs.aws.amazon.com/secretsmanager/latest/userguide/manage_update-encryption-key.html), so a version with a
 * label of ours stays under the former key. Without the journal no key is known for a lost one: none is deleted.
 */
export async function readJournalText(run: Run, secret: string): Promise<string | undefined> {
  return readVersion(run, secret, 'DATAFOLD_PENDING').catch((error: unknown) => {
    if (!(error instanceof AwsFailure) || !error.tolerateDuringRollback) throw error;
    run.log.warn('the journal can not be read, so it counts as absent', { error: reasonOf(error) });
    return undefined;
  });
}

export async function readJournal(run: Run, secret: string): Promise<Journal | undefined> {
  return parseJournal(await readJournalText(run, secret));
}

/** Written again under the key that the secret has now; one that can't be read is lost, and an empty one takes its place. */
export async function rewriteJournal(run: Run, secret: string): Promise<void> {
  const text = await readJournalText(run, secret);
  await run.call('journal in the secret, under its key of now', () =>
    run.aws.secrets.write(secret, text ?? '{}', 'DATAFOLD_PENDING'),
  );
}
