import { parseRotation } from '../../handler/provisioner/password-rotation/settings';
import { rotationParameter } from '../../private/wire/rotation';
import { secretKey } from '../../private/wire/pins';
import type { Checks } from './check';
import type { DoctorPorts, StackFacts } from './ports';
import { resolve, resourcesOf } from './stack-template';

const ROTATION = 'rotation';

/** Checks whether the settings of the rotations of passwords exist, since the next rotation may be months away. */
export async function checkRotations(checks: Checks, ports: DoctorPorts, stack: StackFacts): Promise<void> {
  for (const secret of rotatedPasswords(stack)) {
    const name = rotationParameter(secretKey(secret));
    await checks.attempt(ROTATION, `Allow your AWS credentials to read the parameter ${name}.`, async () => {
      const text = await ports.findParameter(name);
      const problem = problemOf(text, secret);
      if (problem === undefined) checks.ok(ROTATION, `The settings of the rotation of ${secret} exist.`);
      else checks.fail(ROTATION, problem, 'Until then the password is not rotated.');
    });
  }
}

/** The secrets of the passwords that the provisioner of the stack rotates. */
function rotatedPasswords(stack: StackFacts): string[] {
  const schedules = resourcesOf(stack, 'AWS::SecretsManager::RotationSchedule');
  return resourcesOf(stack, 'Custom::DatafoldDatabaseAccess').flatMap(({ properties }) => {
    const { passwordSecretArn, ServiceToken: provisioner } = properties;
    const isRotated = schedules.some(
      ({ properties: { SecretId, RotationLambdaARN } }) =>
        same(SecretId, passwordSecretArn) && same(RotationLambdaARN, provisioner),
    );
    return (isRotated && resolve(stack, passwordSecretArn)) || [];
  });
}

function problemOf(text: string | undefined, secret: string): string | undefined {
  try {
    parseRotation(text, secret);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);
