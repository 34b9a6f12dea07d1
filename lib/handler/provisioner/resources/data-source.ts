import { isAws } from '../aws/failure';
import { MissingDependency, PreconditionFailed } from '../failure';
import { UNKNOWN, type Lifecycle, type Request } from '../lifecycle';
import type { Done } from '../outcome';
import { parseDataSource, type DataSource } from '../parse/data-source';
import { dataSourceId } from '../physical-ids';
import type { Run } from '../run';
import { passwordIn } from '../secret-kinds';
import { dataSourceBody } from './data-source-body';
import { parseKey } from './key-secret';

/** The body of `POST /api/v1/data_sources`, kept in a secret. */
export const dataSource: Lifecycle<DataSource> = {
  parse: parseDataSource,
  isOurs: (physicalId) => physicalId.startsWith('datafold-data-source/'),
  create: write,
  update: write,
  async answerWithoutWork({ wanted }, notice) {
    return done(wanted, notice);
  },
  /** The secret goes with the stack, and its value with it. */
  async remove() {},
};

async function write({ wanted }: Request<DataSource>, run: Run): Promise<Done> {
  const { secret, passwordSecret, statementLog } = wanted;
  if (wanted.host === UNKNOWN)
    throw new MissingDependency(
      'The address of the server is not known, because RDS could not be asked for it when an update was rolled back. Deploy with another `revision`.',
    );
  const text = await run.call('password secret', () => run.aws.secrets.read(passwordSecret));
  const password = passwordIn(text, passwordSecret);
  const key = statementLog && (await readKey(run, statementLog.accessKeySecret));
  const body = JSON.stringify(dataSourceBody(wanted, password, key));
  const before = await run.call('secret of the data source, as it is', () => readIfAny(run, secret));
  if (parseKey(before))
    throw new PreconditionFailed(
      `The secret ${secret} holds an access key: no data source is written over it. Name the secret of a DataSourceConnection, then deploy again.`,
    );
  if (before === body) run.log.info('the secret of the data source is as wanted');
  else await run.call('secret of the data source', () => run.aws.secrets.write(secret, body));
  return done(wanted);
}

function done({ secret }: DataSource, Notice = ''): Done {
  return { physicalId: dataSourceId(secret), data: { SecretArn: secret, Notice } };
}

async function readKey(run: Run, secret: string) {
  const key = parseKey(await run.call('access-key secret', () => run.aws.secrets.read(secret)));
  if (key) return key;
  throw new MissingDependency(
    `The access-key secret ${secret} does not hold what is needed: a JSON object with "accessKeyId" and "secretAccessKey". Name the secret of a CloudWatchLogsReader, then deploy again.`,
  );
}

/** A new secret may have no value yet; if it does not exist either, writing says so. */
async function readIfAny(run: Run, secret: string): Promise<string | undefined> {
  return run.aws.secrets.read(secret).catch((error: unknown) => {
    if (isAws(error, 'ResourceNotFound')) return undefined;
    throw error;
  });
}
