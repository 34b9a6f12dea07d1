import type { Lifecycle, Run } from '../aws/run';
import type { DataSource } from '../data-source/properties';
import type { Source } from '../datafold/answers';
import { DatafoldApi } from '../datafold/api';
import { changeByHand, deleteByHand, type Named, leftBehind } from '../datafold/by-hand';
import { type Difference, differences } from '../datafold/differences';
import { CheckFailed, Failure, PreconditionFailed, reasonOf } from '../runtime/failure';
import { UNKNOWN } from '../runtime/lifecycle';
import { Continue, type Outcome } from '../runtime/outcome';
import { findOrCreate } from './create-data-source';
import { runTest, type TestProgress } from './datafold-test';
import { parseRegistration, registeredIn, type Registration, registrationId } from './properties';
import { readApiKey, readBody } from './secrets';

/** The state for the next invocation: the data source exists, its test continues. */
interface Progress {
  readonly id: number;
  readonly existed: boolean;
  readonly test: TestProgress;
}

/**
 * A data source in Datafold.
 *
 * Datafold's API can create a data source, but neither update nor delete it: a notice then says what to do by hand. A second
 * data source is never created.
 */
export const registration: Lifecycle<Registration> = {
  parse: parseRegistration,
  idPrefix: 'datafold-registration/',

  async create({ desired, state }, run) {
    return register(run, desired, state as Progress | undefined);
  },

  async update({ desired, previous, physicalId, state }, run) {
    const id = registeredIn(physicalId, desired.host);
    if (state !== undefined || id === undefined) return register(run, desired, state as Progress | undefined);
    const named = { name: desired.source.name, id, host: desired.host };
    const { api, found } = await findDataSource(run, desired, named);
    if (!found) return register(run, desired, undefined, api);
    const body = await readBody(run, desired.source.secret);
    const changed = differences(found, body);
    const hidden = previous ? hiddenChanges(previous.source, desired.source, changed) : [];
    const current = nameOf(desired, found);
    if (changed.length + hidden.length > 0)
      return done(run, current, { Notice: changeByHand(current, changed, hidden, desired.source.secret) });
    return test(run, desired, api, { id, existed: true });
  },

  /** Keeps the physical id, also for another Datafold, whose id is unknown: a Delete changes nothing in Datafold. */
  async answerWithoutWork({ desired, physicalId }, notice, run) {
    const id = registeredIn(physicalId, desired.host);
    if (id !== undefined)
      return done(run, { name: desired.source.name, id, host: desired.host }, { Notice: notice });
    return { physicalId, data: attributes(run, UNKNOWN, { Notice: notice }) };
  },

  async remove({ desired, physicalId }, run) {
    const id = physicalId && registeredIn(physicalId, desired.host);
    if (id) run.log.warn(deleteByHand({ name: desired.source.name, id, host: desired.host }));
  },
};

async function register(
  run: Run,
  desired: Registration,
  progress?: Progress,
  connected?: DatafoldApi,
): Promise<Outcome> {
  const api = connected ?? (await connect(run, desired));
  const body = await readBody(run, desired.source.secret); // always read: its secrets are removed from Datafold's responses
  if (progress) return test(run, desired, api, progress);
  const { source, existed } = await findOrCreate(run, api, body);
  const named = nameOf(desired, source);
  const changed = existed ? differences(source, body) : [];
  if (changed.length === 0) return test(run, desired, api, { id: source.id, existed });
  const hidden = ['Password', ...(body.options.aws_secret_access_key ? ['AWS Secret'] : [])];
  const notice = changeByHand(named, changed, hidden, desired.source.secret);
  if (desired.onProblem === 'warn') return done(run, named, { Notice: notice, Existed: 'true' });
  throw new PreconditionFailed(otherSource(named, changed));
}

async function test(
  run: Run,
  desired: Registration,
  api: DatafoldApi,
  source: { readonly id: number; readonly existed: boolean; readonly test?: TestProgress },
): Promise<Outcome> {
  const { id, existed } = source;
  const named = { name: desired.source.name, id, host: desired.host };
  const outcome = await runTest(run, api, named, existed, source.test).catch((error: unknown) => {
    throw unchecked(run, named, existed ? error : new Failure(`${reasonOf(error)} ${leftBehind(named)}`));
  });
  if ('open' in outcome) return new Continue({ id, existed, test: outcome.open } satisfies Progress);
  const data = { Existed: String(existed), Steps: outcome.steps };
  if (outcome.problem === undefined) return done(run, named, data);
  if (desired.onProblem === 'fail') throw unchecked(run, named, new Failure(outcome.problem), data);
  return done(run, named, { ...data, Notice: outcome.problem });
}

/** Returns the data source with the id, and the API. */
async function findDataSource(
  run: Run,
  desired: Registration,
  named: Named,
): Promise<{ api: DatafoldApi; found?: Source }> {
  try {
    const api = await connect(run, desired);
    return { api, found: await api.find(named.id) };
  } catch (error) {
    throw unchecked(run, named, error);
  }
}

/** Returns a failure after which the data source exists as requested but is not verified. */
function unchecked(
  run: Run,
  named: Named,
  error: unknown,
  data: Readonly<Record<string, string>> = {},
): unknown {
  if (!(error instanceof Failure)) return error;
  return new CheckFailed(error, async () => done(run, named, { ...data, Notice: error.message }));
}

/** Returns all attributes, since a template may read any of them. */
function done(run: Run, { id, host }: Named, data: Readonly<Record<string, string>>): Outcome {
  return { physicalId: registrationId(host, id), data: attributes(run, String(id), data) };
}

function attributes(run: Run, DataSourceId: string, data: Readonly<Record<string, string>>) {
  const { Existed = 'true', Steps = '', Notice = '' } = data;
  if (Notice) run.log.warn(Notice);
  return { DataSourceId, Existed, Steps: run.clean(Steps), Notice: run.clean(Notice) };
}

async function connect(run: Run, { host, apiKeySecret }: Registration): Promise<DatafoldApi> {
  return new DatafoldApi(run, host, await readApiKey(run, apiKeySecret), apiKeySecret);
}

function nameOf({ host }: Registration, { id, name }: Source): Named {
  return { id, name, host };
}

function otherSource({ name, id, host }: Named, changed: readonly { readonly field: string }[]): string {
  const fields = changed.map(({ field }) => field).join(', ');
  return `Datafold has a data source "${name}" (id ${id}) at ${host} with other settings: it differs in ${fields}. Datafold's API can neither update nor delete it. Delete it in Datafold or set another \`dataSourceName\`, then deploy again.`;
}

/** Returns the changed fields that Datafold accepts but never returns. */
function hiddenChanges(
  before: DataSource,
  now: DataSource,
  seen: readonly Pick<Difference, 'field'>[],
): string[] {
  const otherKey =
    before.statementLog?.accessKeySecret !== now.statementLog?.accessKeySecret ||
    seen.some(({ field }) => field === 'AWS Access Key');
  return [
    ...(before.passwordSecret === now.passwordSecret ? [] : ['Password']),
    ...(now.statementLog && otherKey ? ['AWS Secret'] : []),
    ...(before.rootCertificate === now.rootCertificate && before.authorities === now.authorities
      ? []
      : ['Root certificate']),
  ];
}
