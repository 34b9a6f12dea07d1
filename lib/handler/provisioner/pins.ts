import {
  DATAFOLD_VARIABLE,
  type PinnedDatafold,
  STACK_VARIABLE,
  URL_SUFFIX_VARIABLE,
} from '../../private/wire/pins';
import { Failure } from './runtime/failure';

/** The limits for which this function was deployed. */
export interface Pins {
  /** The id of the only stack whose events it handles. */
  readonly stack: string;
  readonly region: string;
  /** Of the partition, such as `amazonaws.com`. */
  readonly urlSuffix: string;
  readonly datafold: readonly PinnedDatafold[];
}

/** For tests only: handles any event. */
export const ANY_EVENT = 'any event';

/** What a world has been given; one that says nothing does nothing. */
export function pinsIn({ pins }: { readonly pins: Pins | typeof ANY_EVENT }): Pins | undefined {
  return pins === ANY_EVENT ? undefined : ((pins as Pins | undefined) ?? pinsOf({}));
}

/** Reads the limits from the environment that the constructs set. */
export function pinsOf(environment: Readonly<NodeJS.ProcessEnv>): Pins {
  const {
    [STACK_VARIABLE]: stack,
    [URL_SUFFIX_VARIABLE]: urlSuffix,
    [DATAFOLD_VARIABLE]: datafold,
    AWS_REGION: region,
  } = environment;
  if (!stack || !urlSuffix || !datafold || !region)
    throw new Failure(
      `The function lacks what its stack knows (${STACK_VARIABLE}, ${URL_SUFFIX_VARIABLE}, ${DATAFOLD_VARIABLE} in its environment). Deploy its stack again.`,
    );
  return { stack, region, urlSuffix, datafold: JSON.parse(datafold) as PinnedDatafold[] };
}
