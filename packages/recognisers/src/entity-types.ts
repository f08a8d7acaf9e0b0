import { accounts } from './entities/accounts.ts';
import { baltic } from './entities/baltic.ts';
import { britainIreland } from './entities/britain-ireland.ts';
import { cards } from './entities/cards.ts';
import { centralEurope } from './entities/central-europe.ts';
import { cryptoAddresses } from './entities/crypto-addresses.ts';
import { decoys } from './entities/decoys.ts';
import { devices } from './entities/devices.ts';
import { diagnoses } from './entities/diagnoses.ts';
import { eastAsia } from './entities/east-asia.ts';
import { middleEastAndAfrica } from './entities/middle-east-africa.ts';
import { namedNumbers } from './entities/named-numbers.ts';
import { network } from './entities/network.ts';
import { nordic } from './entities/nordic.ts';
import { northAmerica } from './entities/north-america.ts';
import { oceania } from './entities/oceania.ts';
import { person } from './entities/person.ts';
import { phone } from './entities/phone.ts';
import { romance } from './entities/romance.ts';
import { secretForms } from './entities/secret-forms.ts';
import { secretTokens } from './entities/secret-tokens.ts';
import { southAmerica } from './entities/south-america.ts';
import { southAsia } from './entities/south-asia.ts';
import { southEastAsia } from './entities/south-east-asia.ts';
import { southEastEurope } from './entities/south-east-europe.ts';
import type { EntityType } from './entity-type.ts';

/** Everything that is recognised, and the decoys; what stands earlier wins where two are as good as each other. */
export const allTypes: readonly EntityType[] = [
  ...secretTokens,
  ...secretForms,
  ...cards,
  ...accounts,
  ...cryptoAddresses,
  ...person,
  ...network,
  ...devices,
  ...northAmerica,
  ...southAmerica,
  ...britainIreland,
  ...romance,
  ...centralEurope,
  ...nordic,
  ...baltic,
  ...southEastEurope,
  ...southAsia,
  ...eastAsia,
  ...southEastAsia,
  ...oceania,
  ...middleEastAndAfrica,
  ...phone,
  ...namedNumbers,
  ...diagnoses,
  ...decoys,
];

/** Everything that is recognised: name, countries, classes, forms, reference. */
export const entityTypes: readonly EntityType[] = allTypes.filter(({ decoy }) => decoy !== true);
