import { isAws } from '../aws/failure';
import type { SecretStage } from '../aws/ports';
import type { Run } from '../run';

/** The text of one version of a secret; undefined where there is none. */
export async function readVersion(run: Run, secret: string, stage: SecretStage): Promise<string | undefined> {
  return run.call(`secret ${secret}, version ${stage}`, () =>
    run.aws.secrets.read(secret, stage).catch((error: unknown) => {
      if (isAws(error, 'ResourceNotFound')) return undefined;
      throw error;
    }),
  );
}
