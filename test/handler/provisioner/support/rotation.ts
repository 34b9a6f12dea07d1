import type { RotationSettings } from '../../../../lib/private/wire/rotation';
import { ADMIN_SECRET, PROPERTIES, RUNNER } from './access';
import type { TestEnvironment } from './test-environment';

/** The parameter for the rotation of the secret of the role's password. */
export const ROTATION_PARAMETER = '/cdk-datafold-postgres/password-rotation/shop-password-AbCdEf';
export const TOPIC = 'arn:aws:sns:us-east-1:111122223333:people';

/** Puts the settings of a rotation where the constructs put them. */
export function setUpRotation(environment: TestEnvironment, change: Partial<RotationSettings> = {}): void {
  const settings: RotationSettings = {
    sqlRunner: RUNNER,
    server: PROPERTIES.server,
    adminSecretArn: ADMIN_SECRET,
    roleName: 'datafold',
    databaseName: 'app',
    maintenanceDatabase: 'postgres',
    dataSourceSecretArns: [],
    topicArn: TOPIC,
    ...change,
  };
  environment.parameters.put(ROTATION_PARAMETER, JSON.stringify(settings));
}
