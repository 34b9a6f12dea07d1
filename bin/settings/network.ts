import type { NetworkPathKind } from '../../lib/private/wire/resources';
import type { Settings } from './settings';

/** The settings that have an effect with one kind of network path only. */
export const NETWORK_OPTIONS: Readonly<Record<NetworkPathKind, readonly (keyof Settings)[]>> = {
  'private-link': ['allowedPrincipals', 'clientCidrs', 'acceptanceRequired'],
  allowlist: ['allowedAddresses'],
  existing: [],
};

/** Returns the kind that a setting has an effect with, and the setting, for all other kinds than the given one. */
export function optionsOfOthers(kind: NetworkPathKind | undefined): [NetworkPathKind, keyof Settings][] {
  return (Object.keys(NETWORK_OPTIONS) as NetworkPathKind[])
    .filter((other) => other !== kind)
    .flatMap((other) =>
      NETWORK_OPTIONS[other].map((option): [NetworkPathKind, keyof Settings] => [other, option]),
    );
}

/** Returns the problems with the settings of the network path. */
export function networkProblems(settings: Settings): string[] {
  const { networkAccess, allowedPrincipals } = settings;
  return [
    ...(networkAccess === 'private-link' && allowedPrincipals === undefined
      ? [
          "`allowedPrincipals` is missing: the roles that may connect through PrivateLink; Datafold's support names them",
        ]
      : []),
    ...optionsOfOthers(networkAccess)
      .filter(([, option]) => settings[option] !== undefined)
      .map(([kind, option]) => `\`${option}\` has no effect without \`networkAccess\` ${kind}`),
  ];
}
