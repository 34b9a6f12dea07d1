import { aws_lambda as lambda } from 'aws-cdk-lib';

/** The runtime of both functions; named here rather than by `NODEJS_24_X` so that no older CDK lacks it. */
export const NODE_RUNTIME = new lambda.Runtime('nodejs24.x', lambda.RuntimeFamily.NODEJS, {
  supportsInlineCode: true,
});
