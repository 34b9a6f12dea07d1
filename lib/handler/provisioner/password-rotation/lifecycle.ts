import type { Request } from '../runtime/lifecycle';
import type { Done } from '../runtime/outcome';
import { parsePasswordRotation, type PasswordRotation, passwordRotationId } from './properties';
import type { Lifecycle, Run } from '../aws/run';

/**
 * What a rotation of the password has to know.
 *
 * Secrets Manager names nothing but the secret when it starts one, so the rest is kept with it, in a version of its own.
 */
export const passwordRotation: Lifecycle<PasswordRotation> = {
  parse: parsePasswordRotation,
  isOurs: (physicalId) => physicalId.startsWith('datafold-password-rotation/'),
  create: keep,
  update: keep,
  async answerWithoutWork({ desired }, notice) {
    return done(desired, notice);
  },
  /** The version goes with the secret; without a schedule nobody reads it. */
  async remove() {},
};

/** Without a look at what is there: after a change of the secret's key nobody may read it, since only AWS's own labels follow. */
async function keep({ desired, stackId }: Request<PasswordRotation>, run: Run): Promise<Done> {
  const secret = desired.access.passwordSecret;
  await run.call('what a rotation has to know', () =>
    run.aws.secrets.write(secret, desired.textFor(stackId), 'DATAFOLD_ROTATION'),
  );
  return done(desired);
}

function done({ access }: PasswordRotation, Notice = ''): Done {
  return { physicalId: passwordRotationId(access.passwordSecret), data: { Notice } };
}
