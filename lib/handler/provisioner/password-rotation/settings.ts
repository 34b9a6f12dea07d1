import { secretKey } from '../../../private/wire/pins';
import { rotationParameter, type RotationSettings } from '../../../private/wire/rotation';
import { noneIf } from '../aws/failure';
import type { Run } from '../aws/run';
import { parseObject } from '../aws/secret-kinds';
import type { Holders } from '../data-source/stale-data-sources';
import { Failure, reasonOf } from '../runtime/failure';
import { Fields } from '../runtime/fields';
import { parseServer, type ServerTarget } from '../sql-client/server-target';

/** `RotationSettings` with their real types. */
export interface PasswordRotation extends Holders {
  readonly sqlRunner: string;
  readonly server: ServerTarget;
  readonly adminSecret: string;
  readonly roleName: string;
  readonly databaseName: string;
  readonly maintenanceDatabase: string;
}

/** CloudFormation does not notice that a parameter was deleted or changed by hand: it must delete the parameter and create it again. */
const MAKE_AGAIN =
  'Remove `rotatePassword` from the app and deploy, then set `rotatePassword` again and deploy: this creates the parameter again.';

/** Reads the settings of the rotation of a secret. Throws Failure if they are missing or not valid. */
export async function readRotation(run: Run, secret: string): Promise<PasswordRotation> {
  const name = rotationParameter(secretKey(secret));
  const text = await run
    .call('settings of the rotation', () => run.aws.parameters.read(name).catch(noneIf('ParameterNotFound')))
    .catch((error: unknown) => {
      throw new Failure(`The settings of the rotation can't be read: ${reasonOf(error)}`);
    });
  return parseRotation(text, secret);
}

/** Parses the settings of the rotation of a secret; no text if there is no parameter. Throws Failure. */
export function parseRotation(text: string | undefined, secret: string): PasswordRotation {
  const name = rotationParameter(secretKey(secret));
  if (text === undefined)
    throw new Failure(
      `The parameter ${name} of Systems Manager with the settings of the rotation does not exist. ${MAKE_AGAIN} If the app does not set \`rotatePassword\`, turn off the rotation of the secret ${secret} (aws secretsmanager cancel-rotate-secret).`,
    );
  const problems: string[] = [];
  const rotation = parse(new Fields(parseObject(text), '', problems));
  if (problems.length === 0) return rotation;
  throw new Failure(
    `The parameter ${name} of Systems Manager does not hold the settings of a rotation, so somebody has changed it: ${problems.join('; ')}. ${MAKE_AGAIN}`,
  );
}

const name = (of: keyof RotationSettings): string => of;

function parse(fields: Fields): PasswordRotation {
  return {
    sqlRunner: fields.text(name('sqlRunner')),
    server: parseServer(fields.object(name('server'))),
    adminSecret: fields.text(name('adminSecretArn')),
    roleName: fields.text(name('roleName')),
    databaseName: fields.text(name('databaseName')),
    maintenanceDatabase: fields.text(name('maintenanceDatabase')),
    dataSourceSecrets: fields.texts(name('dataSourceSecretArns')) ?? [],
    topic: fields.optionalText(name('topicArn')),
  };
}
