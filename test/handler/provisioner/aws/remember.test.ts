import { rememberSecrets } from '../../../../lib/handler/provisioner/aws/remember';
import type { AwsPorts } from '../../../../lib/handler/provisioner/aws/ports';
import { Redactor } from '../../../../lib/handler/log';

const TEXT = JSON.stringify({ username: 'postgres', password: 'hunter22!', apiKey: 'dfk_0123456' });

/** Each way by which a secret passes through. */
const WAYS: [string, (aws: AwsPorts) => Promise<unknown>][] = [
  ['a secret that is read', (aws) => aws.secrets.read('arn')],
  ['a secret that is written', (aws) => aws.secrets.write('arn', TEXT)],
  ['a new password that is read', (aws) => aws.rotation.readPending('arn', 'token')],
  ['a new password that is written', (aws) => aws.rotation.writePending('arn', 'token', TEXT)],
];

const texts: string[] = [];
const ports = {
  iam: { createAccessKey: async () => ({ accessKeyId: 'AKIA1', secretAccessKey: 'wJalrXUtnFEMI' }) },
  secrets: { read: async () => TEXT, write: async () => Promise.reject(new Error('no')) },
  rotation: { readPending: async () => TEXT, writePending: async () => Promise.reject(new Error('no')) },
  notices: { publish: async (_topic: string, _subject: string, text: string) => void texts.push(text) },
} as unknown as AwsPorts;

test.each(WAYS)('takes %s out of texts, whole and in parts, though the call failed', async (_, pass) => {
  const redactor = new Redactor();
  await pass(rememberSecrets(ports, redactor)).catch(() => undefined);
  expect(redactor.clean(`${TEXT} hunter22! dfk_0123456 postgres`)).toBe('*** *** *** postgres');
});

test('takes the secret part of a new access key out of texts, and of notices', async () => {
  const redactor = new Redactor();
  const aws = rememberSecrets(ports, redactor);
  await aws.iam.createAccessKey('reader');
  await aws.notices.publish('topic', 'A key', 'AKIA1 wJalrXUtnFEMI');
  expect(texts).toEqual(['AKIA1 ***']);
});
