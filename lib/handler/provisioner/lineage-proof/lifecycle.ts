import { createHash } from 'node:crypto';
import { CheckFailed, Failure } from '../runtime/failure';
import { shorten } from '../../shorten';
import type { Request } from '../runtime/lifecycle';
import type { Done } from '../runtime/outcome';
import { type LineageProof, lineageProofId, parseLineageProof } from './properties';
import type { Lifecycle, Run } from '../aws/run';
import { proveLineage } from './prove-lineage';

const NOT_WITH_KEY =
  'The statement was found with the permissions of the provisioner: the access key works only from its `sourceIps`, so the test does not show that the key works there.';

/** Proves that a statement of Datafold's role arrives in the log that Datafold reads. A Delete does nothing. */
export const lineageProof: Lifecycle<LineageProof> = {
  parse: parseLineageProof,
  idPrefix: 'datafold-lineage-proof/',
  create: prove,
  async update(request, run) {
    return prove(request, run).catch((error: unknown) => {
      if (!(error instanceof Failure)) throw error;
      throw new CheckFailed(error, async () => done(request, '', shorten(run.clean(error.message), 800)));
    });
  },
  async answerWithoutWork(request, notice) {
    return done(request, '', notice);
  },
  async remove() {},
};

async function prove({ desired, requestId }: Request<LineageProof>, run: Run): Promise<Done> {
  const marker = `lineage_proof_${createHash('sha256').update(requestId).digest('hex').slice(0, 16)}`;
  const proven = await proveLineage(run, desired, marker);
  if ('pending' in proven) {
    run.log.warn('notice', { notice: proven.pending });
    return done({ desired }, '', shorten(run.clean(`pending: ${proven.pending}`), 800));
  }
  const seconds = String(Math.round(proven.arrivedAfterMs / 1_000));
  return done({ desired }, seconds, proven.withKey ? '' : NOT_WITH_KEY);
}

/** Returns all attributes, since a template may read any of them. */
function done(
  { desired }: Pick<Request<LineageProof>, 'desired'>,
  ArrivedAfterSeconds: string,
  Notice = '',
): Done {
  return { physicalId: lineageProofId(desired.connectionSecret), data: { ArrivedAfterSeconds, Notice } };
}
