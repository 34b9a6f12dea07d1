import { AwsFailure } from '../../../../lib/handler/provisioner/aws/failure';
import { Failure, reasonOf } from '../../../../lib/handler/provisioner/runtime/failure';
import { Redactor } from '../../../../lib/handler/log';

test('a reason is shorter than 1 kB', () => {
  expect(Buffer.byteLength(reasonOf(new Failure('ß'.repeat(5000))))).toBeLessThanOrEqual(1000);
});

test('the text of an unexpected error is not passed on', () => {
  expect(reasonOf(new TypeError('value "hunter22" is odd'))).toBe(
    'The provisioner failed with an unexpected TypeError. See its log for the stack trace, and report the bug.',
  );
});

test('a failure of AWS names action, resource, code, message and next step', () => {
  const detail = 'User: x is not authorized\n  to perform: iam:CreateAccessKey.';
  expect(new AwsFailure('iam:CreateAccessKey', 'user reader', 'AccessDenied', detail).message).toBe(
    "iam:CreateAccessKey on user reader failed with AccessDenied: User: x is not authorized to perform: iam:CreateAccessKey. The provisioner's role lacks this permission: check for a permissions boundary, a service control policy or a key policy that denies it, then deploy again.",
  );
  expect(new AwsFailure('logs:CreateLogGroup', '/a', 'Odd').message).toBe(
    'logs:CreateLogGroup on /a failed with Odd. Deploy again; if the failure persists, find the code in the AWS documentation.',
  );
});

test.each(['secretsmanager:GetSecretValue', 'secretsmanager:PutSecretValue'])(
  '%s is denied for a secret whose key was not named, too',
  (action) => {
    expect(new AwsFailure(action, 'admin', 'AccessDenied', 'Access to KMS is not allowed').message).toBe(
      `${action} on admin failed with AccessDenied: Access to KMS is not allowed. The provisioner's role lacks this permission. If the secret has a customer managed KMS key, import it with that key (https://github.com/cdk-datafold-postgres/cdk-datafold-postgres/blob/main/docs/troubleshooting.md); else check for a permissions boundary, a service control policy or a key policy that denies it. Then deploy again.`,
    );
  },
);

test('removes secrets in plain text and in JSON', () => {
  const redactor = new Redactor();
  redactor.add('pa"ss\\word');
  expect(redactor.clean('a pa"ss\\word b {"p":"pa\\"ss\\\\word"}')).toBe('a *** b {"p":"***"}');
});

test('does not remove values that are as short as words', () => {
  const redactor = new Redactor();
  redactor.add('to');
  redactor.add('');
  expect(redactor.clean('into')).toBe('into');
});
