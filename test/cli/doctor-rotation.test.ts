import { Checks } from '../../lib/cli/doctor/check';
import type { DoctorPorts } from '../../lib/cli/doctor/ports';
import { checkRotations } from '../../lib/cli/doctor/rotation';
import { AwsFailure } from '../../lib/handler/provisioner/aws/failure';
import type { RotationSettings } from '../../lib/private/wire/rotation';

const SECRET = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:Password-AbCdEf';
const NAME = '/cdk-datafold-postgres/password-rotation/Password-AbCdEf';
const PROVISIONER = { 'Fn::GetAtt': ['Provisioner', 'Arn'] };
const SETTINGS: RotationSettings = {
  sqlRunner: 'runner',
  server: { host: 'db.example.com', port: '5432', tls: 'verify-full' },
  adminSecretArn: 'admin',
  roleName: 'datafold',
  databaseName: 'app',
  maintenanceDatabase: 'postgres',
  dataSourceSecretArns: [],
};

async function rotationsOf(findParameter: DoctorPorts['findParameter'], rotatedBy: object = PROVISIONER) {
  const asked: string[] = [];
  const ports: Partial<DoctorPorts> = {
    findParameter: async (name) => {
      asked.push(name);
      return findParameter(name);
    },
  };
  const checks = new Checks('Shop', () => undefined);
  await checkRotations(checks, ports as DoctorPorts, {
    name: 'Shop',
    status: 'UPDATE_COMPLETE',
    parameters: {},
    resources: [
      { logicalId: 'Password', physicalId: SECRET, type: 'AWS::SecretsManager::Secret' },
      { logicalId: 'Access', physicalId: 'datafold-access/x', type: 'Custom::DatafoldDatabaseAccess' },
      { logicalId: 'Schedule', physicalId: SECRET, type: 'AWS::SecretsManager::RotationSchedule' },
    ],
    template: {
      Resources: {
        Access: { Properties: { ServiceToken: PROVISIONER, passwordSecretArn: { Ref: 'Password' } } },
        Schedule: { Properties: { SecretId: { Ref: 'Password' }, RotationLambdaARN: rotatedBy } },
      },
    },
  });
  return { asked, found: checks.all.map(({ status, message, next }) => ({ status, message, next })) };
}

test('the settings of a rotation exist', async () => {
  expect(await rotationsOf(async () => JSON.stringify(SETTINGS))).toEqual({
    asked: [NAME],
    found: [{ status: 'ok', message: `The settings of the rotation of ${SECRET} exist.`, next: undefined }],
  });
});

const AGAIN =
  'Remove `rotatePassword` from the app and deploy, then set `rotatePassword` again and deploy: this creates the parameter again.';

test.each([
  [
    'do not exist',
    undefined,
    `The parameter ${NAME} of Systems Manager with the settings of the rotation does not exist. ${AGAIN} If the app does not set \`rotatePassword\`, turn off the rotation of the secret ${SECRET} (aws secretsmanager cancel-rotate-secret).`,
  ],
  [
    'were changed',
    JSON.stringify({ ...SETTINGS, roleName: undefined }),
    `The parameter ${NAME} of Systems Manager does not hold the settings of a rotation, so somebody has changed it: \`roleName\` is missing. ${AGAIN}`,
  ],
])('the settings of a rotation %s', async (_, text, message) => {
  const { found } = await rotationsOf(async () => text);
  expect(found).toEqual([{ status: 'failed', message, next: 'Until then the password is not rotated.' }]);
});

test('the settings of a rotation may not be read', async () => {
  const { found } = await rotationsOf(async (name) => {
    throw new AwsFailure('ssm:GetParameter', name, 'AccessDenied');
  });
  expect(found).toEqual([
    {
      status: 'failed',
      message: `ssm:GetParameter on ${NAME} failed with AccessDenied.`,
      next: `Allow your AWS credentials to read the parameter ${NAME}.`,
    },
  ]);
});

test('a rotation by another function has no settings', async () => {
  const other = { 'Fn::GetAtt': ['Other', 'Arn'] };
  expect(await rotationsOf(async () => undefined, other)).toEqual({ asked: [], found: [] });
});
