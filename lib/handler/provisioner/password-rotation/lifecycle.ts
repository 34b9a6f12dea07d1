import type { Request } from '../runtime/lifecycle';
import type { Done } from '../runtime/outcome';
import { parsePasswordRotation, type PasswordRotation, passwordRotationId } from './properties';
import type { Lifecycle, Run } from '../aws/run';

/**
 * The settings of a password rotation.
 *
 * Secrets Manager passes only the secret to a rotation, so the settings are stored in the secret, in a version of their own.
 */
export const passwordRotation: Lifecycle<PasswordRotation> = {
  parse: parsePasswordRotation,
  isOurs: (physicalId) => physicalId.startsWith('datafold-password-rotation/'),
  create: writeSettings,
  update: writeSettings,
  async answerWithoutWork({ desired }, notice) {
    return done(desired, notice);
  },
  /** The version is deleted with the secret; without a schedule it is not read. */
  async remove() {},
};

/** Writes the settings without reading them: after a change of the KMS key, versions with custom labels can't be read. */
async function writeSettings({ desired, stackId }: Request<PasswordRotation>, run: Run): Promise<Done> {
  const secret = desired.access.passwordSecret;
  await run.call('settings of the rotation', () =>
    run.aws.secrets.write(secret, desired.textFor(stackId), 'DATAFOLD_ROTATION'),
  );
  return done(desired);
}

function done({ access }: PasswordRotation, Notice = ''): Done {
  return { physicalId: passwordRotationId(access.passwordSecret), data: { Notice } };
}
