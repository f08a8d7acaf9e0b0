import type { SpanLabel } from './span-finder.ts';

/** The names that models give to the four words, in capitals and without what divides them. */
const names = {
  person: [
    ...['PER', 'PERS', 'PERSON', 'NAME', 'PERSONNAME', 'PATIENT', 'STAFF', 'DOCTOR', 'HCW'],
    ...['GIVENNAME', 'FIRSTNAME', 'MIDDLENAME', 'SURNAME', 'LASTNAME', 'FULLNAME', 'FAMILYNAME', 'PRIVATEPERSON'],
  ],
  address: [
    ...['ADDRESS', 'ADDR', 'STREET', 'STREETADDRESS', 'STREETNAME', 'POSTALADDRESS', 'HOUSENUMBER', 'BUILDINGNUM'],
    ...['BUILDINGNUMBER', 'SECONDARYADDRESS', 'ZIP', 'ZIPCODE', 'POSTCODE', 'POSTALCODE', 'PRIVATEADDRESS'],
  ],
  location: ['LOC', 'LOCATION', 'GPE', 'CITY', 'TOWN', 'STATE', 'COUNTY', 'COUNTRY', 'PLACE', 'FAC', 'REGION'],
  organisation: ['ORG', 'ORGANISATION', 'ORGANIZATION', 'COMPANY', 'COMPANYNAME', 'CORPORATION', 'HOSPITAL'],
} as const;

const words: ReadonlyMap<string, SpanLabel> = new Map(
  Object.entries(names).flatMap(([word, all]) => all.map((name) => [name, word] as const)),
);

/** `PER`, `first_name` and the like are `person`; what is none of the four is itself, in lower case. */
export function wordOfLabel(label: string): SpanLabel {
  return words.get(label.toUpperCase().replaceAll(/[^A-Z]/g, '')) ?? label.toLowerCase();
}
