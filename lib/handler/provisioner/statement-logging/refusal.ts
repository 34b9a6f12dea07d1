import { unsupportedReason } from '../../../private/server/unsupported';
import type { ServerName } from '../aws/rds-ports';
import { PreconditionFailed } from '../runtime/failure';
import type { StatementLoggingRequest } from './properties';
import type { Decision } from './decide';
import type { Observed } from './observed';
import { neededChanges } from './parameters';

const ENGINE = { cluster: 'aurora-postgresql', instance: 'postgres' };
const NAMED = 5;

/** Why a server is left as it is; undefined where nothing speaks against it. */
export function refusalOf(
  { group, server }: Observed,
  decision: Decision,
  { server: { kind, identifier }, logBindValues }: StatementLoggingRequest,
): PreconditionFailed | undefined {
  if (server.unsupported)
    return new PreconditionFailed(`${unsupportedReason(server.unsupported, `The ${kind} ${identifier}`)}.`);
  if (server.engine !== ENGINE[kind])
    return new PreconditionFailed(
      `The ${kind} ${identifier} runs ${server.engine}; statement logging is for ${ENGINE[kind]}. Check the identifier.`,
    );
  if (decision.how === 'refuse')
    return new PreconditionFailed(
      `The parameter group ${group.name} of the ${kind} ${identifier} is used by ${named(group.otherUsers)} too, whose statements would be logged as well, so nothing was changed. Set sharedParameterGroup to MODIFY if that is wanted, or to COPY to give this ${kind} a copy (in force after a reboot), then deploy again.`,
    );
  const missing = Object.keys(neededChanges({}, { logBindValues })).find((name) => !(name in group.settings));
  if (missing)
    return new PreconditionFailed(
      `The parameter ${missing} is unknown to the family ${group.family} of the ${kind} ${identifier}. Leaving bind values out of the log needs PostgreSQL 13: leave logBindValues out, or upgrade the server, then deploy again.`,
    );
  return undefined;
}

/** Why a group is not made for a server: there is one of that name, which others use. */
export function stillUsed(
  group: string,
  { kind, identifier }: ServerName,
  users: readonly string[],
): PreconditionFailed {
  return new PreconditionFailed(
    `The ${kind} ${identifier} is to have a new parameter group ${group}, but the former one of that name is used by ${named(users)}. Give what uses it another parameter group, or delete it, then deploy again.`,
  );
}

/** Why the former group is not put back: whoever may tag the server could name any group. */
export function contradictingTags(
  server: ServerName,
  { name, former }: { readonly name: string; readonly former: string },
): PreconditionFailed {
  const text = `${server.kind} ${server.identifier}`;
  return new PreconditionFailed(
    `The tags of the ${text} say that its parameter group was ${former} before ${name} was made for it; the tags of ${name}, written at the same time, do not say that. Somebody changed one of them, so neither is believed. Find the right group in CloudTrail (ModifyDB${server.kind === 'cluster' ? 'Cluster' : 'Instance'}), give it to the ${text}, then delete again.`,
  );
}

/** Some of the names, and how many there are besides. */
function named(names: readonly string[]): string {
  const more = names.length - NAMED;
  return names.slice(0, NAMED).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
