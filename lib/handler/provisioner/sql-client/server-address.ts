import { unsupportedReason } from '../../../private/server/unsupported';
import type { ServerAddress } from '../../../private/wire/sql';
import { AwsFailure } from '../aws/failure';
import { nameOf, type ServerName } from '../aws/rds-ports';
import type { Run } from '../aws/run';
import { MissingDependency, PreconditionFailed } from '../runtime/failure';
import type { ServerTarget } from './server-target';

/** RDS has no such server, or the server has no endpoint. */
export class NoServer extends MissingDependency {
  override readonly name = 'NoServer';

  constructor(
    message: string,
    /** The server's name if it does not exist. */
    readonly missing?: string,
  ) {
    super(message);
  }
}

/** Returns the current address of the server, from the properties or from RDS. Throws NoServer. */
export async function findServer(run: Run, target: ServerTarget): Promise<ServerAddress> {
  const { at, resource: _, ...rest } = target;
  if ('host' in at) return { host: at.host, ...rest };
  const { lookup } = at;
  const found = await run.call(`endpoint of ${nameOf(lookup)}`, () => run.aws.rds.find(lookup));
  if (!found)
    throw new NoServer(
      `RDS has no ${nameOf(lookup)} in this account and region. Check the identifier, then deploy again.`,
      nameOf(lookup),
    );
  const { host, port } = found;
  if (host === undefined || port === undefined)
    throw new NoServer(
      `The ${nameOf(lookup)} has no endpoint yet: RDS is still creating it. Wait until it is available, then deploy again.`,
    );
  if (port !== rest.port)
    throw new NoServer(
      `The ${nameOf(lookup)} listens on port ${port}, the template says ${rest.port}, and so do the rules of the security groups. Give the server its port in the app (\`port: ${port}\`), then deploy again.`,
    );
  return { host, ...rest, lookup };
}

/** Throws PreconditionFailed for an unsupported server, before the first change. */
export async function refuseUnsupported(run: Run, server: ServerName): Promise<void> {
  const name = nameOf(server);
  const found = await run
    .call(name, () => run.aws.rds.find(server))
    .catch((error: unknown) => {
      // The login shows what can't be read here.
      if (error instanceof AwsFailure) return undefined;
      throw error;
    });
  if (found?.unsupported)
    throw new PreconditionFailed(`${unsupportedReason(found.unsupported, `The ${name}`)}.`);
}
