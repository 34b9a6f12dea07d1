import { UserError } from '../settings/user-error';
import { SERVER_KEYS } from './read-context';

/** The fleet file that the context names, if there is one; it takes no server from the context. */
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
