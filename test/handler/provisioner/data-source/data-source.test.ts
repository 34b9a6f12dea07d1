import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import certificates from '../../../../lib/handler/rds-authorities.json';
import type { DataSourceProperties } from '../../../../lib/private/wire/resources';
import { SOURCE } from '../registration/setting';
import { StackResource } from '../support/stack';
import { TestEnvironment } from '../support/test-environment';

const SECRET = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:shop-app-AbCdEf';
const PASSWORD = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:shop-password-AbCdEf';
const KEY = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop-key-AbCdEf';

const PROPERTIES: DataSourceProperties = {
  ...SOURCE,
  secretArn: SECRET,
  passwordSecretArn: PASSWORD,
  accessKeySecretArn: KEY,
};

let environment: TestEnvironment;
let resource: StackResource<DataSourceProperties>;
let password: string;
let secretAccessKey: string;

beforeEach(async () => {
  environment = await TestEnvironment.start();
  resource = new StackResource(environment, 'Custom::DatafoldDataSource', 'DataSource');
  password = environment.secret('rôle "pass\\word"');
  secretAccessKey = environment.secret('wJalrXUtnFEMI/K7MDENG');
  environment.secrets.add(SECRET, 'made by CDK');
  environment.secrets.add(PASSWORD, password);
  environment.secrets.add(KEY, JSON.stringify({ accessKeyId: 'AKIAEXAMPLE', secretAccessKey }));
});

afterEach(async () => {
  await environment.stop();
});

const writes = () =>
  environment.faults.calls.filter((call) => call.startsWith('secretsmanager:PutSecretValue'));

test("holds the body of Datafold's API", async () => {
  const answer = await resource.create(PROPERTIES);

  expect(answer).toMatchObject({
    Status: 'SUCCESS',
    PhysicalResourceId: 'datafold-data-source/us-east-1/shop-app-AbCdEf',
    Data: { SecretArn: SECRET },
  });
  expect(environment.secrets.jsonOf(SECRET)).toEqual({
    type: 'postgres_aurora',
    name: 'shop/app',
    temp_schema: 'datafold_tmp',
    options: {
      host: 'shop.cluster-abc.us-east-1.rds.amazonaws.com',
      port: 5432,
      user: 'datafold',
      password,
      dbname: 'app',
      sslmode: 'require',
      aws_access_key_id: 'AKIAEXAMPLE',
      aws_secret_access_key: secretAccessKey,
      aws_region: 'us-east-1',
      aws_cloudwatch_log_group: '/aws/rds/cluster/shop/postgresql',
    },
  });
});

test('an update writes a new key into the secret', async () => {
  await resource.create({ ...PROPERTIES, accessKeyId: 'AKIAEXAMPLE' });
  const next = environment.secret('next/K7MDENGbPxRfi');
  environment.secrets.add(KEY, JSON.stringify({ accessKeyId: 'AKIANEXT', secretAccessKey: next }));

  await resource.update({ ...PROPERTIES, accessKeyId: 'AKIANEXT' });

  expect(environment.secrets.jsonOf(SECRET)).toMatchObject({
    options: { aws_access_key_id: 'AKIANEXT', aws_secret_access_key: next },
  });
});

test('a data source of plain PostgreSQL has no AWS fields', async () => {
  await resource.create({ ...PROPERTIES, type: 'pg', sslMode: 'verify-full', rootCertificate: 'PEM' });

  expect(environment.secrets.jsonOf(SECRET)).toEqual({
    type: 'pg',
    name: 'shop/app',
    temp_schema: 'datafold_tmp',
    options: {
      host: 'shop.cluster-abc.us-east-1.rds.amazonaws.com',
      port: 5432,
      user: 'datafold',
      password,
      dbname: 'app',
      sslmode: 'verify-full',
      rootcert: 'PEM',
    },
  });
  expect(environment.faults.calls).not.toContain(`secretsmanager:GetSecretValue ${KEY}`);
});

test('does not write an unchanged value', async () => {
  await resource.create(PROPERTIES);
  await resource.update({ ...PROPERTIES });
  expect(writes()).toHaveLength(1);
});

test('an update writes changes, including a new password', async () => {
  await resource.create(PROPERTIES);
  environment.secrets.add(PASSWORD, environment.secret('another password'));
  await resource.update({ ...PROPERTIES, name: 'warehouse' });
  expect(environment.secrets.jsonOf(SECRET)).toMatchObject({
    name: 'warehouse',
    options: { password: 'another password' },
  });
});

test('writes the first value of a secret', async () => {
  environment.secrets.add(SECRET);
  expect((await resource.create(PROPERTIES)).Status).toBe('SUCCESS');
  expect(environment.secrets.jsonOf(SECRET)).toMatchObject({ name: 'shop/app' });
});

test('another secret changes the physical id', async () => {
  await resource.create(PROPERTIES);
  const other = SECRET.replace('app', 'dwh');
  environment.secrets.add(other, 'made by CDK');
  await resource.update({ ...PROPERTIES, secretArn: other });
  expect(resource.physicalId).toBe('datafold-data-source/us-east-1/shop-dwh-AbCdEf');
  expect(environment.secrets.jsonOf(other)).toMatchObject({ name: 'shop/app' });
});

test('a Delete does nothing and needs no secret', async () => {
  await resource.create(PROPERTIES);
  for (const secret of [SECRET, PASSWORD, KEY]) environment.secrets.drop(secret);
  const before = environment.faults.calls.length;
  expect((await resource.remove()).Status).toBe('SUCCESS');
  expect(environment.faults.calls).toHaveLength(before);
});

test('fails for an access-key secret without an access key', async () => {
  environment.secrets.add(KEY, JSON.stringify({ accessKeyId: 'AKIAEXAMPLE', secret: secretAccessKey }));
  expect((await resource.create(PROPERTIES)).Reason).toBe(
    `The access-key secret ${KEY} does not hold a JSON object with "accessKeyId" and "secretAccessKey". Name the secret of a CloudWatchLogsUser, then deploy again.`,
  );
});

test('fails for an empty password', async () => {
  environment.secrets.add(PASSWORD, '');
  expect((await resource.create(PROPERTIES)).Reason).toBe(
    `The secret ${PASSWORD} is empty: it must hold the password of the role.`,
  );
});

test('fails for a secret that does not exist', async () => {
  environment.secrets.drop(SECRET);
  expect((await resource.create(PROPERTIES)).Reason).toBe(
    `secretsmanager:PutSecretValue on ${SECRET} failed with ResourceNotFound: Secrets Manager can't find the specified secret. It does not exist. Check the ARN and the region; if it was deleted by hand, restore it (aws secretsmanager restore-secret) while its recovery window lasts. After that remove the construct that creates it from the app and deploy, then add the construct again and deploy: a new secret has another ARN.`,
  );
});

test('fails without the permission to read the secret', async () => {
  environment.faults.fail(
    'secretsmanager:GetSecretValue',
    'AccessDenied',
    'no identity-based policy allows it.',
  );
  const start = environment.clock.now();

  const answer = await resource.create(PROPERTIES);

  expect(answer.Reason).toBe(
    `secretsmanager:GetSecretValue on ${PASSWORD} failed with AccessDenied: no identity-based policy allows it. The provisioner's role lacks this permission. If the secret has a customer managed KMS key, import it with that key (https://github.com/cdk-datafold-postgres/cdk-datafold-postgres/blob/main/docs/troubleshooting.md); else check for a permissions boundary, a service control policy or a key policy that denies it. Then deploy again.`,
  );
  expect(environment.clock.now() - start).toBeGreaterThanOrEqual(60_000);
  expect(environment.clock.now() - start).toBeLessThan(90_000);
});

describe('the certificate authorities of RDS', () => {
  const { AWS_REGION } = process.env;
  const inRegion = (region: string) => (process.env.AWS_REGION = region);
  afterEach(() => {
    if (AWS_REGION === undefined) delete process.env.AWS_REGION;
    else process.env.AWS_REGION = AWS_REGION;
  });
  const options = () => (environment.secrets.jsonOf(SECRET) as { options: Record<string, unknown> }).options;
  const unknown =
    "This release of cdk-datafold-postgres does not have the certificates of RDS's authorities in xx-new-1";
  const advice =
    'Give the server `caCertificate` with them (https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html), then deploy again.';

  test('of the region become the root certificate, which fits into the secret', async () => {
    inRegion('eu-west-1');
    await resource.create({ ...PROPERTIES, sslMode: 'verify-full', authorities: 'rds-if-known' });
    const certificates = String(options().rootcert).match(/-----BEGIN[^]*?-----END CERTIFICATE-----/g)!;
    expect(certificates.map((pem) => /^CN=.*$/m.exec(new X509Certificate(pem).subject)?.[0]).sort()).toEqual([
      'CN=Amazon RDS eu-west-1 Root CA ECC384 G1',
      'CN=Amazon RDS eu-west-1 Root CA RSA2048 G1',
      'CN=Amazon RDS eu-west-1 Root CA RSA4096 G1',
    ]);
    expect(options().sslmode).toBe('verify-full');
    expect(JSON.stringify(environment.secrets.jsonOf(SECRET)).length).toBeLessThan(65_536);
  });

  test('of an unknown region leave the certificate unverified by default, with a notice', async () => {
    inRegion('xx-new-1');
    const answer = await resource.create({
      ...PROPERTIES,
      sslMode: 'verify-full',
      authorities: 'rds-if-known',
    });
    expect(answer).toMatchObject({
      Status: 'SUCCESS',
      Data: {
        Notice: `${unknown}: Datafold connects with TLS, but does not check the certificate of the server. ${advice}`,
      },
    });
    expect(options()).toMatchObject({ sslmode: 'require' });
    expect(Object.keys(options())).not.toContain('rootcert');
  });

  test('of an unknown region fail if verification was requested', async () => {
    inRegion('xx-new-1');
    const { Reason } = await resource.create({ ...PROPERTIES, sslMode: 'verify-ca', authorities: 'rds' });
    expect(Reason).toBe(`${unknown}, which Datafold needs for sslMode verify-ca. ${advice}`);
  });

  test('are those of the npm package, and none has expired', () => {
    execFileSync('node', ['scripts/rds-authorities.mjs', '--check'], { stdio: 'pipe' });
    const all = Object.values(certificates).flatMap((pem) =>
      pem.match(/-----BEGIN[^]*?-----END CERTIFICATE-----/g)!,
    );
    expect(all).toHaveLength(81);
    const inFiveYears = Date.now() + 5 * 365 * 86_400_000;
    expect(all.filter((pem) => Date.parse(new X509Certificate(pem).validTo) < inFiveYears)).toEqual([]);
  });
});
