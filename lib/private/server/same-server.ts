import { Tokenization } from 'aws-cdk-lib';
import type { ServerSpec } from './server-spec';

/** By what one server is told from another. */
export const nameOfServer = ({ kind, identifier, port }: ServerSpec) =>
  `${kind ?? Tokenization.stringifyNumber(port)} ${identifier}`;
