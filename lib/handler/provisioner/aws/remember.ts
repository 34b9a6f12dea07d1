import type { Redactor } from '../../log';
import type { AwsPorts } from './ports';

/** Wraps the ports: the redactor learns each secret that they read or write. */
export function rememberSecrets(ports: AwsPorts, redactor: Redactor): AwsPorts {
  const remember = (text: string) => {
    redactor.add(text.trim());
    for (const secret of secretsIn(text)) redactor.add(secret);
  };
  return {
    ...ports,
    iam: {
      listAttachedUserPolicies: async (user) => ports.iam.listAttachedUserPolicies(user),
      listAccessKeys: async (user) => ports.iam.listAccessKeys(user),
      deactivateAccessKey: async (user, key) => ports.iam.deactivateAccessKey(user, key),
      deleteAccessKey: async (user, key) => ports.iam.deleteAccessKey(user, key),
      async createAccessKey(user) {
        const key = await ports.iam.createAccessKey(user);
        redactor.add(key.secretAccessKey);
        return key;
      },
    },
    secrets: {
      async read(secret, stage) {
        const text = await ports.secrets.read(secret, stage);
        remember(text);
        return text;
      },
      async write(secret, text, stage) {
        remember(text);
        await ports.secrets.write(secret, text, stage);
      },
    },
    rotation: {
      versions: async (secret) => ports.rotation.versions(secret),
      tags: async (secret) => ports.rotation.tags(secret),
      makeCurrent: async (secret, id, previous) => ports.rotation.makeCurrent(secret, id, previous),
      async readPending(secret, id) {
        const text = await ports.rotation.readPending(secret, id);
        remember(text);
        return text;
      },
      async writePending(secret, id, text) {
        remember(text);
        await ports.rotation.writePending(secret, id, text);
      },
    },
    notices: {
      publish: async (topic, subject, text) => ports.notices.publish(topic, subject, redactor.clean(text)),
    },
  };
}

const SECRET_NAMES = ['password', 'secretAccessKey', 'aws_secret_access_key', 'apiKey'];

function secretsIn(text: string): string[] {
  try {
    const found: string[] = [];
    JSON.parse(text, (key, value: unknown) => {
      if (SECRET_NAMES.includes(key) && typeof value === 'string') found.push(value);
      return value;
    });
    return found;
  } catch {
    return [];
  }
}
