import type { Pins } from '../../../../lib/handler/provisioner/pins';
import { isOfCloudFormation } from '../../../../lib/handler/provisioner/runtime/response';

const PINS: Pins = { stack: 'any', region: 'eu-west-1', urlSuffix: 'amazonaws.com', datafold: [] };
const BUCKET = 'https://cloudformation-custom-resource-response-euwest1.s3';

describe('the URL of the response', () => {
  test.each([
    [
      'us-east-1',
      'amazonaws.com',
      'https://cloudformation-custom-resource-response-useast1.s3.amazonaws.com/a',
    ],
    ['eu-west-1', 'amazonaws.com', `${BUCKET}-eu-west-1.amazonaws.com/arn%3Aaws?X-Amz-Signature=1`],
    ['eu-west-1', 'amazonaws.com', `${BUCKET}.eu-west-1.amazonaws.com/x`],
    [
      'us-gov-west-1',
      'amazonaws.com',
      'https://cloudformation-custom-resource-response-usgovwest1.s3.us-gov-west-1.amazonaws.com/x',
    ],
    [
      'cn-north-1',
      'amazonaws.com.cn',
      'https://cloudformation-custom-resource-response-cnnorth1.s3.cn-north-1.amazonaws.com.cn/x',
    ],
  ])("is CloudFormation's in %s", (region, urlSuffix, url) => {
    expect(isOfCloudFormation(url, { ...PINS, region, urlSuffix })).toBe(true);
  });

  test.each([
    'http://cloudformation-custom-resource-response-euwest1.s3.amazonaws.com/x',
    'https://cloudformation-custom-resource-response-euwest1.s3.amazonaws.com:8443/x',
    'https://user@cloudformation-custom-resource-response-euwest1.s3.amazonaws.com/x',
    'https://cloudformation-custom-resource-response-euwest1.s3.amazonaws.com.attacker.example/x',
    'https://attacker.s3.eu-west-1.amazonaws.com/cloudformation-custom-resource-response-euwest1',
    'https://cloudformation-custom-resource-response-evil.s3.amazonaws.com/x',
    'https://attacker.example/x',
    'https://127.0.0.1/x',
  ])('is not %s', (url) => {
    expect(isOfCloudFormation(url, PINS)).toBe(false);
  });
});
