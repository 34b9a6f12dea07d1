import { UserError } from '../settings/user-error';
import { SERVER_KEYS } from './read-context';

/** Returns the fleet file that the context names, if any; it cannot be combined with a server in the context. */
export function fleetFile(context: Readonly<Record<string, unknown>>): string | undefined {
  if (context.fleet === undefined) return undefined;
  const file = String(context.fleet);
  const ignored = SERVER_KEYS.filter((key) => context[key] !== undefined);
  if (ignored.length === 0) return file;
  throw new UserError(
    "The fleet can't be set up from the context:",
    ignored.map((key) => `\`${key}\` has no effect beside \`fleet\`: leave it out, or say it in ${file}`),
  );
}
