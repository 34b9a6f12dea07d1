/** A stack, its secrets, and properties of custom resources that use them. */
export const STACK = 'arn:aws:cloudformation:eu-west-1:111122223333:stack/shop/0f3c9a10';
export const arn = (name: string) => `arn:aws:secretsmanager:eu-west-1:111122223333:secret:${name}`;
export const ADMIN = arn('admin-AbCdEf');
export const PASSWORD = arn('password-AbCdEf');
export const KEY = arn('key-AbCdEf');
export const API_KEY = arn('api-AbCdEf');
export const SOURCE = arn('source-AbCdEf');

export const source = {
  ...{
    secretArn: SOURCE,
    passwordSecretArn: PASSWORD,
    accessKeySecretArn: KEY,
    type: 'pg',
    name: 'shop/app',
  },
  ...{ tempSchema: 't', host: 'h', port: '5432', user: 'datafold', databaseName: 'app', sslMode: 'require' },
  ...{ region: 'eu-west-1', logGroupName: 'g' },
};
export const USER_POLICY = 'arn:aws:iam::111122223333:policy/reader';
export const key = { userName: 'reader', userPolicyArn: USER_POLICY, secretArn: KEY };
