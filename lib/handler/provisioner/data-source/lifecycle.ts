import { rdsAuthorities } from '../../rds-authorities';
import { parseKey } from '../access-key/key-secret';
import { noneIf } from '../aws/failure';
import type { AccessKey } from '../aws/ports';
import type { Lifecycle, Run } from '../aws/run';
import { passwordIn } from '../aws/secret-kinds';
import { MissingDependency, PreconditionFailed } from '../runtime/failure';
import { type Request, UNKNOWN } from '../runtime/lifecycle';
import type { Done } from '../runtime/outcome';
import { type DataSource, dataSourceId, parseDataSource } from './properties';

/** The body of `POST /api/v1/data_sources`, stored in a secret. */
export const dataSource: Lifecycle<DataSource> = {
  parse: parseDataSource,
  idPrefix: 'datafold-data-source/',
  create: write,
  update: write,
  async answerWithoutWork({ desired }, notice) {
    return done(desired, notice);
  },
  /** CloudFormation deletes the secret with its value. */
  async remove() {},
};

async function write({ desired }: Request<DataSource>, run: Run): Promise<Done> {
  const { secret, passwordSecret, statementLog } = desired;
  if (desired.host === UNKNOWN)
    throw new MissingDependency(
      'The address of the server is unknown, because RDS could not be read during the rollback of an update. Deploy with another `revision`.',
    );
  const text = await run.call('password secret', () => run.aws.secrets.read(passwordSecret));
  const password = passwordIn(text, passwordSecret);
  const key = statementLog && (await readKey(run, statementLog.accessKeySecret));
  const { source, notice } = withAuthorities(desired);
  if (notice) run.log.warn(notice);
  const body = JSON.stringify(dataSourceBody(source, password, key));
  const before = await run.call('current secret of the data source', () => readIfAny(run, secret));
  if (parseKey(before))
    throw new PreconditionFailed(
      `The secret ${secret} holds an access key, which a data source must not overwrite. Name the secret of a DataSource, then deploy again.`,
    );
  if (before === body) run.log.info('the secret of the data source is unchanged');
  else await run.call('secret of the data source', () => run.aws.secrets.write(secret, body));
  return done(desired, notice);
}

/** Adds the root certificates with which Datafold verifies the certificate of the server. */
function withAuthorities(desired: DataSource): { readonly source: DataSource; readonly notice?: string } {
  const { authorities, sslMode } = desired;
  if (authorities === 'given') return { source: desired };
  const region = process.env.AWS_REGION;
  const rootCertificate = rdsAuthorities(region);
  if (rootCertificate !== undefined) return { source: { ...desired, rootCertificate } };
  const unknown = `This release of cdk-datafold-postgres does not have the certificates of RDS's authorities in ${region}`;
  const advice =
    'Give the server `caCertificate` with them (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html), then deploy again.';
  if (authorities === 'rds')
    throw new PreconditionFailed(`${unknown}, which Datafold needs for sslMode ${sslMode}. ${advice}`);
  const notice = `${unknown}: Datafold connects with TLS, but does not check the certificate of the server. ${advice}`;
  return { source: { ...desired, sslMode: 'require' }, notice };
}

function done({ secret }: DataSource, Notice = ''): Done {
  return { physicalId: dataSourceId(secret), data: { SecretArn: secret, Notice } };
}

async function readKey(run: Run, secret: string) {
  const key = parseKey(await run.call('access-key secret', () => run.aws.secrets.read(secret)));
  if (key) return key;
  throw new MissingDependency(
    `The access-key secret ${secret} does not hold a JSON object with "accessKeyId" and "secretAccessKey". Name the secret of a CloudWatchLogsUser, then deploy again.`,
  );
}

/** Reads the secret; undefined without a value. Writing reports a secret that does not exist. */
async function readIfAny(run: Run, secret: string): Promise<string | undefined> {
  return run.aws.secrets.read(secret).catch(noneIf('ResourceNotFound'));
}

/** Returns the data source in the format of Datafold's API. */
function dataSourceBody(source: DataSource, password: string, key?: AccessKey): object {
  const { type, name, tempSchema, host, port, user, databaseName } = source;
  const { sslMode, rootCertificate, statementLog, keepAliveSeconds } = source;
  return {
    type,
    name,
    temp_schema: tempSchema,
    options: {
      host,
      port,
      user,
      password,
      dbname: databaseName,
      sslmode: sslMode,
      ...(keepAliveSeconds !== undefined && { keep_alive: keepAliveSeconds }),
      ...(rootCertificate !== undefined && { rootcert: rootCertificate }),
      ...(key &&
        statementLog && {
          aws_access_key_id: key.accessKeyId,
          aws_secret_access_key: key.secretAccessKey,
          aws_region: statementLog.region,
          aws_cloudwatch_log_group: statementLog.logGroupName,
        }),
    },
  };
}
