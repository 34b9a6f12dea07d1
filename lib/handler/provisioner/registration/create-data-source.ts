import type { Source } from '../datafold/answers';
import type { DatafoldApi } from '../datafold/api';
import { DatafoldFailure } from '../datafold/failure';
import { PreconditionFailed } from '../runtime/failure';
import type { Run } from '../aws/run';
import type { Body } from './secrets';

const MAX_ATTEMPTS = 3;
const PAUSE_MS = 5_000;

export interface Found {
  readonly source: Source;
  /** True where it was there before this deployment asked for it. */
  readonly existed: boolean;
}

/** The data source of that name; made only where there is none. */
export async function findOrCreate(run: Run, api: DatafoldApi, body: Body): Promise<Found> {
  const before = only(await api.list(), body.name);
  if (before) return { source: before, existed: true };
  for (let attempt = 1; ; attempt++) {
    try {
      return { source: await api.create(body.text), existed: false };
    } catch (error) {
      if (!(error instanceof DatafoldFailure) || !error.mayBeDone) throw error;
      // Without an answer nobody knows whether it was made: Datafold is asked before another one is.
      await run.pause(PAUSE_MS);
      const made = only(await api.list(), body.name);
      if (made) return { source: made, existed: false };
      if (attempt === MAX_ATTEMPTS || !error.passes) throw error;
    }
  }
}

function only(sources: readonly Source[], name: string): Source | undefined {
  const found = sources.filter((source) => source.name === name);
  if (found.length <= 1) return accessible(found[0]);
  throw new PreconditionFailed(
    `Datafold has ${found.length} data sources of the name "${name}" (ids ${found.map(({ id }) => id).join(', ')}), so it is not clear which one is meant. Rename or delete all but one there by hand, then deploy again.`,
  );
}

/**
 * Datafold lists data sources of groups that the key's owner is not in, but lets that owner do nothing with them (its API,
 * GET /api/v1/data_sources).
 */
function accessible(source: Source | undefined): Source | undefined {
  if (source?.accessible !== false) return source;
  throw new PreconditionFailed(
    `Datafold has a data source "${source.name}" (id ${source.id}) of a group that the owner of the API key is not in. A second one of that name is not made. Use the API key of an administrator, have an administrator add the owner of the key to the group, or give this one another \`dataSourceName\`, then deploy again.`,
  );
}
