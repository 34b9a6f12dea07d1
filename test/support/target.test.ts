import { target } from '../e2e/support/target';

const AWS = { E2E_AWS: '1', E2E_AWS_ACCOUNT: '123456789012', AWS_REGION: 'eu-west-1', E2E_AWS_RUN: 'k3x9' };

test('without an emulator or an account the suite is skipped, and says why', () => {
  expect(target({})).toEqual({ kind: 'none', reason: 'LOCALAWS_DIR names no emulated AWS' });
  expect(target({ LOCALAWS_DIR: '/nowhere' })).toEqual({
    kind: 'none',
    reason: 'LOCALAWS_DIR=/nowhere holds no lab.sh',
  });
});

test('an account is deployed to only if it is named, whatever else is there', () => {
  expect(target({ ...AWS, LOCALAWS_DIR: '/nowhere' })).toEqual({
    kind: 'aws',
    account: '123456789012',
    region: 'eu-west-1',
    run: 'k3x9',
  });
  expect(target({ ...AWS, E2E_AWS: '' })).toMatchObject({ kind: 'none' });
});

test('what is missing for an account is an error', () => {
  expect(() => target({ E2E_AWS: '1', E2E_AWS_RUN: 'Not a name' })).toThrow(
    'E2E_AWS=1 deploys to a real account. E2E_AWS_ACCOUNT must be the 12 digits of the account that the suite deploys to. AWS_REGION must be the region, as eu-west-1. E2E_AWS_RUN must be up to 12 small letters and digits.',
  );
});

test('each run has a name of its own, of which every name of its resources is made', () => {
  expect(target({ ...AWS, E2E_AWS_RUN: undefined })).toMatchObject({
    run: expect.stringMatching(/^[a-z0-9]{1,12}$/),
  });
});
