import type { Source } from '../datafold/answers';
import type { DatafoldApi } from '../datafold/api';
import { DatafoldFailure } from '../datafold/failure';
import { PreconditionFailed } from '../runtime/failure';
import type { Run } from '../aws/run';
import type { Body } from './secrets';

const MAX_ATTEMPTS = 3;
const PAUSE_MS = 5_000;

/** A data source in Datafold. */
export interface Found {
  readonly source: Source;
  /** True if the data source existed before this deployment. */
  readonly existed: boolean;
}

/** Returns the data source of that name; creates it only if none exists. */
export async function findOrCreate(run: Run, api: DatafoldApi, body: Body): Promise<Found> {
  const before = only(await api.list(), body.name);
  if (before) return { source: before, existed: true };
  for (let attempt = 1; ; attempt++) {
    try {
      return { source: await api.create(body.text), existed: false };
    } catch (error) {
      if (!(error instanceof DatafoldFailure) || !error.mayBeDone) throw error;
      // Without a response the data source may exist: list before another attempt.
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
    `Datafold has ${found.length} data sources named "${name}" (ids ${found.map(({ id }) => id).join(', ')}), so the right one is not known. In Datafold, rename or delete all but one, then deploy again.`,
  );
}

/**
 * Rejects a data source that the owner of the API key can't use: Datafold also lists those of other groups (its API,
 * GET /api/v1/data_sources).
 */
function accessible(source: Source | undefined): Source | undefined {
  if (source?.accessible !== false) return source;
  throw new PreconditionFailed(
    `Datafold has a data source "${source.name}" (id ${source.id}) in a group to which the owner of the API key does not belong. A second data source of that name is not created. Use the API key of an administrator, have an administrator add the owner of the key to the group, or set another \`dataSourceName\`, then deploy again.`,
  );
}
