import { DatafoldNetworkAccess } from '../../lib';
import type { ServerSettings } from '../settings/settings';

/** Returns the network path of the settings; undefined if they name none. */
export function networkAccess(settings: ServerSettings): DatafoldNetworkAccess | undefined {
  const { allowedPrincipals = [], clientCidrs, acceptanceRequired, allowedAddresses } = settings;
  switch (settings.networkAccess) {
    case 'private-link':
      return DatafoldNetworkAccess.privateLink({
        allowedPrincipals: [...allowedPrincipals],
        clientCidrs: clientCidrs && [...clientCidrs],
        acceptanceRequired,
      });
    case 'allowlist':
      return DatafoldNetworkAccess.allowlist({ addresses: allowedAddresses && [...allowedAddresses] });
    case 'existing':
      return DatafoldNetworkAccess.existing(); // the server has the address for Datafold
    default:
      return undefined;
  }
}
