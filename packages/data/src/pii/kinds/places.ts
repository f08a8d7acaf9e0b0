import { Phrases } from '../columns/header.ts';
import { type ColumnKind, shareOf } from './column-kind.ts';
import { isKnownCity } from './known-names.ts';

const phrases = (text: string): Phrases => new Phrases(text.split('|').map((each) => each.trim()));
const place = { classes: ['pii', 'hipaa', 'ccpa'], hipaa: 'B' } as const;
const reference = 'GDPR article 4(1); 45 CFR 164.514(b)(2)(i)(B)';

/** Of computers and documents, not of people. */
const elsewhere = phrases('ip|mac|email|e mail|mail|web|url|http|network|memory|wallet|bitcoin|contract|block|bus');

/** What a street is called, at the end or the beginning of it. */
const street =
  /\b(?:street|st|avenue|ave|road|rd|lane|ln|drive|dr|boulevard|blvd|court|ct|place|pl|square|way|terrace|close|crescent|highway|hwy|parkway|rue|chemin|allee|impasse|quai|via|viale|piazza|corso|calle|avenida|av|paseo|plaza|carrera|rua|travessa|praca|alameda|ulica|ul|aleja|al|plac|ulice|namesti|trida|utca|ut|ter|strada|str|bulevardul|bd|ulitsa|bulevard|jalan|jln|lorong|soi|thanon|nagar|marg|sokak|sok|cadde|cad|mahallesi|mah|caddesi|odos|iela|gatve|tee|tn|straat|laan|plein|weg|street)\b|(?:stra(?:ss|ß)e|str\.|weg|gasse|platz|allee|straat|laan|gracht|gatan|vagen|gata|veien|vei|gate|vej|gade|katu|tie|kuja|stigur|vegur|utca|tca|sokagi)\b|(?:丁目|番地|路|街|号|區|区|市|로|길|동|ถนน|ซอย|ул\.|улица|бул|проспект|οδός|רחוב|شارع)/iu;

const hasStreet = (text: string): boolean => street.test(text.normalize('NFD').replaceAll(/\p{Mn}/gu, ''));

const isAddress = (text: string): boolean =>
  text.length >= (/\p{sc=Han}/u.test(text) ? 3 : 5) &&
  text.length <= 200 &&
  /\p{L}{2}/u.test(text) &&
  (/\p{N}/u.test(text) || hasStreet(text));

/** Codes that are written like hardly anything else: GB, CA, NL, PL, JP, BR, PT, SE/CZ with a blank, US with four more. */
const tellingCode =
  /^(?:[A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2}|[A-Z][0-9][A-Z] ?[0-9][A-Z][0-9]|[1-9][0-9]{3} ?[A-Z]{2}|[0-9]{2}-[0-9]{3}|[0-9]{3}-[0-9]{4}|[0-9]{5}-[0-9]{3}|[0-9]{4}-[0-9]{3}|[0-9]{5}-[0-9]{4}|[A-Z]{2}-?[0-9]{4,5})$/;
const anyCode = /^(?:[0-9]{3} ?[0-9]{2}|[0-9]{3,7}|[A-Z]{1,2}-?[0-9]{3,5}|[0-9]{6}|[A-Z][0-9]{2} ?[A-Z0-9]{4})$/;

const isPlaceName = (text: string): boolean => /^\p{L}[\p{L}\p{M}\p{N}'’.,/()\- ]{0,79}$/u.test(text);

/** Where people live. */
export const places: readonly ColumnKind[] = [
  {
    ...{
      name: 'street-address',
      title: 'Street and number, or a whole address',
      ...place,
      reference,
      against: elsewhere,
    },
    headers: phrases(
      `address|addr|address line|address line 1|address line 2|address1|address2|street|street address|street name|house number|home address|mailing address|billing address|shipping address|residence|postal address|adresse|anschrift|straße|strasse|strasse hausnummer|straße und hausnummer|hausnummer|wohnort|postanschrift|rue|voie|domicile|dirección|direccion|domicilio|calle|indirizzo|via|residenza|endereço|endereco|morada|rua|logradouro|adres|straat|straatnaam|huisnummer|woonadres|ulica|adres zamieszkania|adresa|ulice|bydliště|adresa bydliště|cím|lakcím|utca|adress|gatuadress|gata|gateadresse|bostedsadresse|vej|vejnavn|osoite|katuosoite|aadress|adrese|iela|adresas|gatvė|stradă|strada|domiciliu|адрес|улица|διεύθυνση|οδός|naslov|adresi|sokak|ev adresi|адреса|地址|住址|住所|주소|ที่อยู่|alamat|כתובת|العنوان|पता|heimilisfang|heimili`,
    ),
    fits: isAddress,
    chance: 0.08,
    alone: 0.01,
    weigh: ({ different, cells }) => {
      if (cells.length >= 20 && different.length / cells.length < 0.05) return 0.05;
      return shareOf(different, (text) => hasStreet(text) && /\p{N}/u.test(text)) >= 0.4 ? 30 : 1;
    },
  },
  {
    ...{ name: 'postal-code', title: 'Postal code', ...place, reference },
    headers: phrases(
      `zip|zip code|zipcode|postal|postal code|postcode|post code|plz|postleitzahl|code postal|cp|código postal|codigo postal|cap|cep|código de endereçamento|pin code|pincode|kod pocztowy|psč|psc|irányítószám|iranyitoszam|postnummer|postnr|postinumero|sihtnumber|postiindeks|pasta indekss|pašto kodas|cod poștal|cod postal|пощенски код|почтовый индекс|индекс|ταχυδρομικός κώδικας|τκ|poštanski broj|postanski broj|poštna številka|posta kodu|邮编|邮政编码|郵便番号|우편번호|รหัสไปรษณีย์|poskod|kode pos|מיקוד|الرمز البريدي|पिन कोड|póstnúmer`,
    ),
    fits: (text) => tellingCode.test(text) || anyCode.test(text),
    chance: 0.1,
    alone: 0.01,
    weigh: ({ different }) => (shareOf(different, (text) => tellingCode.test(text)) >= 0.9 ? 6 : 1),
  },
  {
    ...{ name: 'city', title: 'City or town', ...place, reference },
    headers: phrases(
      `city|town|municipality|locality|suburb|village|city name|birthplace|place of birth|hometown|stadt|ort|ortschaft|gemeinde|geburtsort|ville|commune|lieu de naissance|ciudad|localidad|municipio|población|lugar de nacimiento|città|citta|comune|luogo di nascita|cidade|localidade|município|naturalidade|stad|plaats|woonplaats|gemeente|geboorteplaats|miasto|miejscowość|miejsce urodzenia|město|mesto|obec|místo narození|város|település|születési hely|ort|postort|kommun|by|poststed|kommune|kaupunki|kunta|postitoimipaikka|linn|pilsēta|miestas|oraș|oras|localitate|град|населено място|город|πόλη|grad|mjesto|şehir|sehir|ilçe|місто|城市|市|市区町村|都市|도시|시군구|เมือง|อำเภอ|bandar|kota|עיר|المدينة|शहर|staður|sveitarfélag`,
    ),
    fits: isPlaceName,
    chance: 0.5,
    alone: 0.02,
    weigh: ({ different }) => {
      const share = shareOf(different, isKnownCity);
      return share >= 0.5 ? 60 : share >= 0.2 ? 10 : 1;
    },
  },
  {
    ...{ name: 'county', title: 'County or district', ...place, reference },
    headers: phrases(
      'county|district|precinct|census tract|parish|landkreis|kreis|arrondissement|comarca|powiat|okres',
    ),
    fits: isPlaceName,
    chance: 0.5,
    alone: 0,
  },
  {
    ...{ name: 'latitude-or-longitude', title: 'Latitude or longitude', ...place, reference },
    headers: phrases(
      'lat|latitude|lon|lng|long|longitude|breitengrad|längengrad|latitud|longitud|latitudine|longitudine|gps',
    ),
    fits: (text) => /^-?[0-9]{1,3}[.][0-9]{3,}$/.test(text) && Math.abs(Number(text)) <= 180,
    chance: 0.1,
  },
];
