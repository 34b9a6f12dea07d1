import type { Blocker } from '../catalog/blocker';
import { ident } from '../identifiers';
import type { Meaning } from '../sqlstates';
import { describePrepared, endingPrepared } from './prepared-transaction';

/** Returns cause and next step for a lock timeout whose blocking session is known. */
export function blockedMeaning(error: unknown): Meaning | undefined {
  const { blocker } = error as { blocker?: Blocker };
  if (!blocker) return undefined;
  const { pid, user, application, since, object, prepared } = blocker;
  const details = [application, since && `in a transaction since ${since} UTC`].filter(Boolean).join(', ');
  const who =
    pid === null
      ? describePrepared(prepared).replace(/^./, (first) => first.toUpperCase())
      : `Session ${pid}${user ? ` of ${ident(user)}` : ''}${details && ` (${details})`}`;
  return {
    cause: `${who} holds a lock${object ? ` on ${object}` : ''}.`,
    next:
      pid === null
        ? `${endingPrepared(prepared)} Or deploy again later.`
        : `End the session (SELECT pg_terminate_backend(${pid});), or deploy again later.`,
  };
}
