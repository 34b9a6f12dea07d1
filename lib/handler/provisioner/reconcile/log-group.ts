import { Failure, Superseded } from '../runtime/failure';
import { adopt } from '../log-group/lifecycle';
import { lackingInLogGroup } from '../log-group/anew';
import { findingsOfServer } from './findings';
import type { Part } from './seen';

/** Whether the log group of a server of the app, whose statement log is set up in the template, was made anew. */
export const lookAtLogGroup: Part = async (run, { logGroup, repair }) => {
  if (!logGroup) return {};
  const { wanted, ownerKey } = logGroup;
  const lacking = await lackingInLogGroup(run, wanted, ownerKey);
  if (lacking === undefined) return {};
  let failure: Failure | undefined;
  if (repair)
    await adopt(run, wanted, ownerKey).catch((error: unknown) => {
      if (!(error instanceof Failure) || error instanceof Superseded) throw error;
      failure = error;
    });
  return {
    findings: findingsOfServer({ drift: [lacking], failure }, repair),
    Drift: 1,
    VerificationFailed: failure ? 1 : 0,
  };
};
