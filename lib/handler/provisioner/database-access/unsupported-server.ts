import { unsupportedReason } from '../../../private/server/unsupported';
import { AwsFailure } from '../aws/failure';
import type { ServerName } from '../aws/rds-ports';
import { PreconditionFailed } from '../runtime/failure';
import type { Run } from '../aws/run';

/** Refuses a server on which no role can be made, or from which Datafold gets no lineage, before anything is changed there. */
export async function refuseUnsupported(run: Run, server: ServerName): Promise<void> {
  const name = `${server.kind} ${server.identifier}`;
  const found = await run
    .call(name, () => run.aws.rds.find(server))
    .catch((error: unknown) => {
      // The login will show what can't be asked here.
      if (error instanceof AwsFailure) return undefined;
      throw error;
    });
  if (found?.unsupported)
    throw new PreconditionFailed(`${unsupportedReason(found.unsupported, `The ${name}`)}.`);
}
