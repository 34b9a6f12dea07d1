import { aws_lambda as lambda } from 'aws-cdk-lib';

/** The runtime of both functions, defined here since older releases of the CDK lack `NODEJS_24_X`. */
export const NODE_RUNTIME = new lambda.Runtime('nodejs24.x', lambda.RuntimeFamily.NODEJS, {
  supportsInlineCode: true,
});
