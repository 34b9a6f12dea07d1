import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { template } from '../../bin/template/template';
import { templateText } from '../../lib/cli/template';
import { inlineCode } from '../../lib/private/functions/function-code';
import { launch, type Launched, type LaunchTemplate } from './launch';

const KINDS = ['cluster', 'instance'] as const;
const made = Object.fromEntries(KINDS.map((kind) => [kind, template(kind) as LaunchTemplate]));
const SECRET = 'arn:aws:secretsmanager:eu-west-1:111111111111:secret:';
const KEY = 'arn:aws:kms:eu-west-1:111111111111:key/1';
const PARAMETERS = {
  ClusterIdentifier: 'orders',
  InstanceIdentifier: 'orders',
  AdminSecretArn: `${SECRET}admin-AbCdEf`,
  DatabaseNames: 'app',
  VpcId: 'vpc-1',
  SubnetIds: 'subnet-1,subnet-2',
  SecurityGroupId: 'sg-1',
};

interface Statement {
  readonly Action: string | string[];
  readonly Resource?: string | string[];
  readonly NotResource?: string | string[];
}

const ofType = ({ resources }: Launched, type: string) =>
  Object.values(resources)
    .filter(({ Type }) => Type === type)
    .map(({ Properties }) => Properties);
const statementsOf = (launched: Launched) =>
  ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy']
    .flatMap((type) => ofType(launched, type))
    .flatMap(({ PolicyDocument }) => (PolicyDocument as { Statement: Statement[] }).Statement);
const allowed = (launched: Launched, action: string) =>
  statementsOf(launched)
    .filter(({ Action }) => [Action].flat().includes(action))
    .flatMap(({ Resource = [] }) => Resource);

describe.each(KINDS)('the template for a %s', (kind) => {
  const text = templateText(made[kind]);
  const launchWith = (parameters: Record<string, string> = {}, region?: string) =>
    launch(made[kind], { ...PARAMETERS, ...parameters }, region);

  test('stands alone: no asset, no bootstrap, nothing of the CDK', () => {
    expect(text).not.toMatch(/cdk-hnb659fds|BootstrapVersion|CDKMetadata|aws:cdk:|AssetParameters|S3Bucket/);
    expect(Object.keys(made[kind])).toEqual([
      'Description',
      'AWSTemplateFormatVersion',
      'Metadata',
      'Parameters',
      'Conditions',
      'Rules',
      'Resources',
      'Outputs',
    ]);
    expect(Object.keys((made[kind] as object as { Rules: object }).Rules)).toEqual([
      'SubnetsInVpc',
      'PrincipalsOfPrivateLink',
      'KeyOfSecret',
    ]);
  });

  test('every role and user gets the permissions boundary, if one is given', () => {
    const arn = 'arn:aws:iam::111111111111:policy/boundary';
    const boundaries = (launched: Launched) =>
      ['AWS::IAM::Role', 'AWS::IAM::User'].map((type) => [
        ...new Set(ofType(launched, type).map(({ PermissionsBoundary }) => PermissionsBoundary)),
      ]);
    expect(boundaries(launchWith({ PermissionsBoundaryArn: arn }))).toEqual([[arn], [arn]]);
    expect(boundaries(launchWith())).toEqual([[undefined], [undefined]]);
  });

  test('the role is made in the maintenance database', () => {
    const databases = (launched: Launched) =>
      ofType(launched, 'Custom::DatafoldDatabaseAccess').map(
        ({ maintenanceDatabase }) => maintenanceDatabase,
      );
    expect(databases(launchWith({ MaintenanceDatabase: 'admin' }))).toEqual(['admin']);
    expect(databases(launchWith())).toEqual(['postgres']);
  });

  test('has the very bundles in it, and is small enough for CloudFormation', () => {
    const code = ofType(launchWith(), 'AWS::Lambda::Function').map(
      ({ Code }) => (Code as { ZipFile: string }).ZipFile,
    );
    const readAsset = (file: string) => readFileSync(join(__dirname, '../../assets', file));
    const bundles = (['provisioner', 'sql-runner'] as const).map((name) => inlineCode(name, readAsset));
    expect(code.sort()).toEqual(bundles.sort());
    expect(Buffer.byteLength(text)).toBeLessThan(500_000);
  });

  test('names no partition, no region and no account', () => {
    const { Resources } = JSON.parse(text) as {
      Resources: Record<string, { Properties: { Code?: unknown } }>;
    };
    for (const { Properties } of Object.values(Resources)) delete Properties.Code;
    const rest = JSON.stringify(Resources);
    expect(rest).not.toMatch(/arn:aws/);
    expect(rest).not.toMatch(/\b(us|eu|ap|sa|ca|me|af|cn)-[a-z]+-\d\b/);
    expect(rest).not.toMatch(/\d{12}/);
  });

  test.each(Array.from({ length: 10 }, (_, i) => [i + 1]))(
    'with %i databases has as many data sources',
    (count) => {
      const names = Array.from({ length: count }, (_, i) => `db ${i}`);
      const launched = launchWith({ DatabaseNames: names.join() });
      const sources = ofType(launched, 'Custom::DatafoldDataSource');
      expect(sources.map(({ databaseName }) => databaseName)).toEqual(names);
      expect(sources.map(({ name }) => name)).toEqual(names.map((name) => `orders/${name}`));
      const [access] = ofType(launched, 'Custom::DatafoldDatabaseAccess');
      expect(access.databases).toEqual(names.map((databaseName) => ({ databaseName })));
      expect(Object.keys(launched.outputs).filter((id) => id.startsWith('DataSourceSecretArn'))).toHaveLength(
        count,
      );
    },
  );

  test('grants the schemas that are named, in every database', () => {
    const launched = launchWith({ DatabaseNames: 'app,dwh', Schemas: 'public,sales' });
    const [access] = ofType(launched, 'Custom::DatafoldDatabaseAccess');
    const schemas = ['public', 'sales'];
    expect(access.databases).toEqual([
      { databaseName: 'app', schemas },
      { databaseName: 'dwh', schemas },
    ]);
  });

  test('every choice of what is optional refers only to what is there, in valid policies', () => {
    const optional = {
      AdminSecretKeyArn: KEY,
      SecretsKeyArn: `${KEY}0`,
      Schemas: 'public',
      AccessKeySecretArn: `${SECRET}key-AbCdEf`,
      AccessKeySecretKeyArn: `${KEY}00`,
      RebootPolicy: 'if-pending',
      DatabaseNames: 'app,dwh,x',
    };
    const names = Object.keys(optional) as (keyof typeof optional)[];
    for (let choice = 0; choice < 2 ** names.length; choice++) {
      const chosen = names.filter((_, i) => choice & (1 << i));
      const launched = launchWith(Object.fromEntries(chosen.map((name) => [name, optional[name]])));
      const withoutResource = statementsOf(launched).filter(
        ({ Resource, NotResource = [] }) => [Resource ?? NotResource].flat().length === 0,
      );
      expect(withoutResource).toEqual([]);
      const has = (name: keyof typeof optional) => chosen.includes(name);
      expect(allowed(launched, 'kms:Decrypt').includes(KEY)).toBe(has('AdminSecretKeyArn'));
      expect(allowed(launched, 'kms:Decrypt').includes(`${KEY}00`)).toBe(has('AccessKeySecretKeyArn'));
      expect(allowed(launched, 'kms:GenerateDataKey').includes(`${KEY}0`)).toBe(has('SecretsKeyArn'));
      expect(allowed(launched, 'rds:RebootDBInstance').length > 0).toBe(has('RebootPolicy'));
    }
  });

  test('encrypts the new secrets with the key that is given', () => {
    const keys = (launched: Launched) =>
      ofType(launched, 'AWS::SecretsManager::Secret').map((s) => s.KmsKeyId);
    expect(new Set(keys(launchWith()))).toEqual(new Set([undefined]));
    expect(new Set(keys(launchWith({ SecretsKeyArn: KEY })))).toEqual(new Set([KEY]));
  });

  test('names nothing in IAM, so that a launch needs no more than CAPABILITY_IAM', () => {
    const names = Object.values(made[kind].Resources).flatMap(({ Type, Properties = {} }) =>
      ['GroupName', 'UserName', 'RoleName', 'ManagedPolicyName', 'Name', 'FunctionName', 'LogGroupName']
        .filter((property) => property in Properties && Type !== 'AWS::Lambda::Permission') // refers to one
        .map((property) => `${Type} ${property}`),
    );
    expect(names).toEqual([]);
  });

  test('the user joins the group of the guide, and reads the PostgreSQL logs of all servers, which further stacks may be of', () => {
    const launched = launchWith();
    expect(ofType(launched, 'AWS::IAM::Group')).toEqual([]);
    expect(ofType(launched, 'Custom::DatafoldLogsUserGroup')).toEqual([
      expect.objectContaining({ groupName: 'CloudWatchLogsReadOnly' }),
    ]);
    const [policy] = ofType(launched, 'AWS::IAM::ManagedPolicy');
    const { Statement } = policy.PolicyDocument as { Statement: { NotResource?: string[] }[] };
    expect(Statement.find(({ NotResource }) => NotResource)!.NotResource).toEqual([
      expect.stringMatching(/:logs:\*:\d{12}:log-group:\/aws\/rds\/cluster\/\*\/postgresql$/),
      expect.stringMatching(/:logs:\*:\d{12}:log-group:\/aws\/rds\/cluster\/\*\/postgresql:\*$/),
      expect.stringMatching(/:logs:\*:\d{12}:log-group:\/aws\/rds\/instance\/\*\/postgresql$/),
      expect.stringMatching(/:logs:\*:\d{12}:log-group:\/aws\/rds\/instance\/\*\/postgresql:\*$/),
    ]);
  });

  test('an access key that exists is used: no user, no group, no key', () => {
    const AccessKeySecretArn = `${SECRET}key-AbCdEf`;
    const launched = launchWith({ AccessKeySecretArn, DatabaseNames: 'app,dwh' });
    const types = Object.values(launched.resources).map(({ Type }) => Type);
    expect(types.filter((type) => /IAM::User|AccessKey|LogsUserGroup/.test(type))).toEqual([]);
    const managed = Object.keys(launched.resources).filter(
      (id) => launched.resources[id].Type === 'AWS::IAM::ManagedPolicy',
    );
    expect(managed).toEqual([
      expect.stringMatching(/^DatafoldProvisionerRights/),
      expect.stringMatching(/^DatafoldAccessRights/),
    ]);
    expect(ofType(launched, 'Custom::DatafoldDataSource').map((s) => s.accessKeySecretArn)).toEqual([
      AccessKeySecretArn,
      AccessKeySecretArn,
    ]);
    expect(allowed(launched, 'secretsmanager:GetSecretValue')).toContain(AccessKeySecretArn);
  });

  test('the outputs say where the data sources and the log are, and what to do next', () => {
    const { outputs, resources } = launchWith({ DatabaseNames: 'app' }, 'eu-central-1');
    const [secret] = Object.keys(resources).filter((id) => /DataSourcesDatabase0Secret/.test(id));
    expect(outputs).toEqual({
      DataSourceSecretArn1: `<${secret}>`,
      LogGroup: `/aws/rds/${kind}/orders/postgresql`,
      LogsAccessKeySecretArn: expect.stringMatching(/^<OwnLogsUserAccessKeySecret/) as string,
      Lineage: expect.stringMatching(/^<DatafoldAccess\w+>\.LineageDownloadStep$/) as string,
      NextStep: `In Datafold, add a data source with the values of this secret (one per database): aws secretsmanager get-secret-value --region eu-central-1 --secret-id <${secret}> --query SecretString --output text`,
    });
  });
});
