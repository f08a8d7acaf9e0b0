import { Phrases } from '../columns/header.ts';
import { type ColumnKind, type Sampled, shareOf } from './column-kind.ts';

const phrases = (text: string): Phrases => new Phrases(text.split('|').map((each) => each.trim()));

const isNumber = (text: string): boolean => /^[\p{L}\p{N}][\p{L}\p{N}/_\- ]{1,29}$/u.test(text) && /\p{N}/u.test(text);
const rule = '45 CFR 164.514(b)(2)(i)';

/** What tells people apart is different in most rows. */
const tellsApart = ({ cells, different }: Sampled): number =>
  cells.length < 20 ? 1 : different.length / cells.length >= 0.2 ? 2 : 0.05;

const isYearOfBirth = (text: string): boolean =>
  /^(?:19|20)[0-9]{2}$/.test(text) && Number(text) <= new Date().getUTCFullYear();

/** Dates of so many years ago are of people who may be alive. */
const isDayOfBirth = (text: string): boolean => {
  const [year] = /(?:18|19|20)[0-9]{2}/.exec(text) ?? [];
  const age = new Date().getUTCFullYear() - Number(year);
  return (
    age >= 0 &&
    age <= 120 &&
    (/^[0-9]{4}[-/. ][0-9]{1,2}[-/. ][0-9]{1,2}(?:[T ]00:00.*)?$/.test(text) ||
      /^[0-9]{1,2}[-/. ][0-9]{1,2}[-/. ][0-9]{4}(?: 00?:00.*)?$/.test(text) ||
      /^[0-9]{8}$/.test(text) ||
      /^[0-9]{1,2}[. ]{1,2}\p{L}{3,12}[., ]{1,2}[0-9]{4}$/u.test(text) ||
      /^\p{L}{3,12} [0-9]{1,2},? [0-9]{4}$/u.test(text) ||
      /^[0-9]{4}年[0-9]{1,2}月[0-9]{1,2}日$/.test(text))
  );
};

/** Days of birth of adults lie over decades, and none lies in the last years alone. */
function overDecades({ different }: Sampled): number {
  const thisYear = new Date().getUTCFullYear();
  const ages = different
    .map((text) => thisYear - Number(/(?:18|19|20)[0-9]{2}/.exec(text)?.[0]))
    .filter((age) => age >= 0 && age <= 120)
    .sort((one, other) => one - other);
  if (ages.length < 20) return 1;
  const at = (share: number): number => ages[Math.floor(share * (ages.length - 1))] ?? 0;
  const [low, middle, high] = [at(0.05), at(0.5), at(0.95)];
  if (high - low < 3) return 0.2;
  return high - low >= 25 && middle >= 18 && middle <= 70 && low >= 3 ? 80 : 1;
}

/** Days, numbers and words that tell one person from another, or let somebody act for one. */
export const numbers: readonly ColumnKind[] = [
  {
    ...{
      name: 'date-of-birth',
      title: 'Date of birth',
      classes: ['pii', 'hipaa', 'ccpa'],
      hipaa: 'C',
      reference: `${rule}(C)`,
    },
    headers: phrases(
      `dob|d o b|date of birth|birth date|birthdate|birthday|birth day|birth|born|born on|bday|geburtsdatum|geburtstag|geb|geb datum|geboren|date de naissance|né le|naissance|ddn|fecha de nacimiento|fecha nacimiento|nacimiento|data di nascita|data nascita|nascita|data de nascimento|data nascimento|nascimento|geboortedatum|data urodzenia|data ur|datum narození|datum narodenia|narozen|születési dátum|születési idő|född|födelsedatum|fødselsdato|fødselsdag|syntymäaika|syntymäpäivä|sünnikuupäev|sünniaeg|dzimšanas datums|gimimo data|data nașterii|data nasterii|дата на раждане|ημερομηνία γέννησης|datum rođenja|datum rodenja|datum rojstva|doğum tarihi|dogum tarihi|дата рождения|дата народження|出生日期|生日|生年月日|생년월일|วันเกิด|tarikh lahir|tanggal lahir|תאריך לידה|تاريخ الميلاد|जन्म तिथि|fæðingardagur`,
    ),
    fits: isDayOfBirth,
    chance: 0.15,
    alone: 0.01,
    weigh: overDecades,
  },
  {
    ...{ name: 'year-of-birth', title: 'Year of birth', classes: ['pii'], reference: 'GDPR article 4(1)' },
    headers: phrases(
      'year of birth|birth year|birthyear|yob|geburtsjahr|année de naissance|año de nacimiento|anno di nascita|ano de nascimento|geboortejaar|rok urodzenia|rok narození|födelseår|fødselsår|syntymävuosi|出生年份|出生年',
    ),
    fits: isYearOfBirth,
    chance: 0.2,
  },
  {
    ...{
      name: 'day-of-care',
      title: 'Day of an admission, a discharge or a death',
      classes: ['pii', 'hipaa'],
      hipaa: 'C',
      reference: `${rule}(C)`,
    },
    headers: phrases(
      'admission date|admitted|discharge date|discharged|date of death|death date|deceased|visit date|date of service|encounter date|aufnahmedatum|entlassungsdatum|sterbedatum|date de décès',
    ),
    fits: (text) => /^[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}/.test(text),
    chance: 0.2,
  },
  {
    ...{
      name: 'person-number',
      title: 'Number that stands for a person',
      classes: ['pii', 'hipaa', 'ccpa'],
      hipaa: 'R',
      reference: `${rule}(R)`,
    },
    headers: phrases(
      'customer id|customer no|customer number|client id|user id|userid|employee id|employee number|employee no|staff id|personnel number|student id|student number|person id|applicant id|subscriber id|subject id|participant id|donor id|citizen id|voter id|national id|national id number|national identification number|identity number|id number|id card|identity card|personal code|personal id|ssn|social security|social security number|tax id|tax number|tin|kundennummer|kunden nr|personalnummer|ausweisnummer|matrikelnummer|numéro client|número de cliente|numero cliente|número de identificación|documento|documento de identidad|klantnummer|numer klienta|číslo zákazníka|kundnummer|kundenummer|asiakasnumero|客户编号|証明書番号|고객번호|nomor ktp|nik',
    ),
    only: phrases('customer|client|patient|employee|member|user|subscriber|student|kunde|cliente'),
    fits: (text) => /^[\p{L}\p{N}][\p{L}\p{N}_\- ]{2,29}$/u.test(text) && /\p{N}/u.test(text),
    chance: 0.5,
    weigh: tellsApart,
  },
  {
    ...{
      name: 'case-number',
      title: 'Number of a case or a file about a person',
      classes: ['pii', 'hipaa'],
      hipaa: 'R',
      reference: `${rule}(R)`,
    },
    headers: phrases(
      'case number|case no|case id|docket|docket number|file number|complaint number|aktenzeichen|fallnummer|numéro de dossier|expediente|número de expediente|numero di pratica|zaaknummer|sygnatura akt',
    ),
    fits: isNumber,
    chance: 0.5,
    weigh: tellsApart,
  },
  {
    ...{
      name: 'medical-record-number',
      title: 'Medical record number',
      classes: ['pii', 'special', 'hipaa', 'ccpa'],
      hipaa: 'H',
      reference: `${rule}(H)`,
    },
    headers: phrases(
      'mrn|medical record|medical record number|medical record no|patient id|patient number|patient no|chart number|patientennummer|fallnummer patient|numéro patient|historia clínica|cartella clinica',
    ),
    fits: isNumber,
    chance: 0.5,
    weigh: tellsApart,
  },
  {
    ...{
      name: 'health-plan-number',
      title: 'Number of a health plan',
      classes: ['pii', 'special', 'hipaa', 'ccpa'],
      hipaa: 'I',
      reference: `${rule}(I)`,
    },
    headers: phrases(
      'health plan|health plan id|insurance id|insurance number|policy number|policy id|member id|medicare|medicaid|health insurance number|versichertennummer|krankenversicherungsnummer|numéro de sécurité sociale|tarjeta sanitaria|tessera sanitaria',
    ),
    fits: isNumber,
    chance: 0.5,
    weigh: tellsApart,
  },
  {
    ...{
      name: 'account-number',
      title: 'Number of an account',
      classes: ['pii', 'hipaa', 'ccpa', 'financial'],
      hipaa: 'J',
      reference: `${rule}(J)`,
    },
    headers: phrases(
      'account number|account no|acct|acct no|account id|bank account|bank account number|sort code and account|kontonummer|konto nr|kontonr|numéro de compte|número de cuenta|cuenta bancaria|numero di conto|conto corrente|conta bancária|rekeningnummer|numer konta|číslo účtu|számlaszám|bankkonto|tilinumero|hesap no|银行账号|口座番号|계좌번호',
    ),
    fits: isNumber,
    chance: 0.5,
    weigh: tellsApart,
  },
  {
    ...{
      name: 'driving-licence',
      title: 'Number of a driving licence',
      classes: ['pii', 'hipaa', 'ccpa'],
      hipaa: 'K',
      reference: `${rule}(K)`,
    },
    headers: phrases(
      "driver license|driver licence|drivers license|drivers licence|driver's license|driver's licence|driving license|driving licence|driver license number|driving licence number|drivers license number|dl number|dl no|licence number|license number|führerschein|führerscheinnummer|permis de conduire|numéro de permis|permiso de conducir|licencia de conducir|patente|numero patente|carta de condução|cnh|rijbewijs|rijbewijsnummer|prawo jazdy|numer prawa jazdy|řidičský průkaz|jogosítvány|körkort|førerkort|kørekort|ajokortti|ehliyet no|驾驶证号|運転免許証番号|운전면허번호",
    ),
    fits: isNumber,
    chance: 0.5,
    weigh: tellsApart,
  },
  {
    ...{
      name: 'passport-number',
      title: 'Passport number',
      classes: ['pii', 'hipaa', 'ccpa'],
      hipaa: 'K',
      reference: 'ICAO Doc 9303; CCPA 1798.140(ae)(1)(A)',
    },
    headers: phrases(
      'passport|passport number|passport no|passport id|travel document|reisepass|reisepassnummer|passnummer|passeport|numéro de passeport|pasaporte|número de pasaporte|passaporto|numero passaporto|passaporte|número do passaporte|paspoort|paspoortnummer|paszport|numer paszportu|číslo pasu|pas|cestovní pas|útlevél|útlevélszám|pass|passnummer|pasnummer|passi|passin numero|pașaport|паспорт|номер паспорта|διαβατήριο|putovnica|broj putovnice|pasaport no|pasaport|护照|护照号码|旅券番号|パスポート番号|여권번호|nomor paspor|nombor pasport|דרכון|جواز السفر|पासपोर्ट',
    ),
    fits: (text) => /^[A-Z0-9]{5,12}$/i.test(text.replaceAll(/[ -]/g, '')) && /[0-9]{3}/.test(text),
    chance: 0.2,
    weigh: tellsApart,
  },
  {
    ...{
      name: 'licence-plate',
      title: 'Licence plate of a vehicle',
      classes: ['pii', 'hipaa'],
      hipaa: 'L',
      reference: `${rule}(L)`,
    },
    headers: phrases(
      'license plate|licence plate|plate number|number plate|registration plate|vehicle registration|plate|kennzeichen|kfz kennzeichen|plaque|plaque d immatriculation|immatriculation|matrícula|placa|targa|numero targa|kenteken|numer rejestracyjny|tablica rejestracyjna|spz|rendszám|registreringsnummer|nummerplade|rekisterinumero|plaka|车牌|车牌号|ナンバープレート|차량번호',
    ),
    fits: (text) => /^[\p{L}\p{N}][\p{L}\p{N} ·•\-]{2,12}$/u.test(text) && /\p{N}/u.test(text),
    chance: 0.3,
    weigh: tellsApart,
  },
  {
    ...{
      name: 'phone-national',
      title: 'Telephone number as it is dialled in its country',
      classes: ['pii', 'hipaa', 'ccpa'],
      hipaa: 'D',
      reference: `${rule}(D)`,
    },
    headers: phrases(
      'phone|phone number|telephone|telephone number|tel|tel no|mobile|mobile number|mobile phone|cell|cell phone|cellphone|fax|fax number|contact number|home phone|work phone|whatsapp|telefon|telefonnummer|handy|handynummer|mobil|mobilnummer|festnetz|rufnummer|téléphone|numéro de téléphone|portable|teléfono|número de teléfono|móvil|celular|telefono|numero di telefono|cellulare|telefone|telemóvel|telefoon|telefoonnummer|mobiel|numer telefonu|komórka|telefonní číslo|mobilní telefon|telefonszám|mobiltelefon|puhelin|puhelinnumero|matkapuhelin|telefoninumber|tālrunis|telefonas|телефон|номер телефона|мобильный|τηλέφωνο|κινητό|telefon no|cep telefonu|电话|电话号码|手机|手机号|電話番号|携帯電話|전화번호|휴대폰|โทรศัพท์|เบอร์โทร|telefon bimbit|nomor telepon|nomor hp|טלפון|הاتف|رقم الهاتف|फ़ोन|मोबाइल|sími|símanúmer',
    ),
    fits: (text) =>
      /^[(]?[0-9][0-9 ().\/\-]{5,20}(?: ?(?:x|ext\.?) ?[0-9]{1,6})?$/i.test(text) &&
      (text.match(/[0-9]/g)?.length ?? 0) >= 6,
    chance: 0.15,
  },
  {
    ...{
      name: 'password',
      title: 'Password, PIN or answer to a question',
      classes: ['secret', 'ccpa'],
      reference: 'CCPA 1798.140(ae)(1)(B)',
    },
    headers: phrases(
      'password|passwd|pwd|passphrase|pass word|secret|secret key|api key|apikey|access token|auth token|pin|pin code number|security answer|security question answer|passwort|kennwort|geheimzahl|mot de passe|contraseña|clave|parola|senha|wachtwoord|hasło|heslo|jelszó|lösenord|passord|adgangskode|salasana|пароль|κωδικός|lozinka|şifre|密码|パスワード|비밀번호',
    ),
    fits: (text) => /^\S{4,200}$/.test(text),
    chance: 0.5,
    weigh: tellsApart,
  },
  {
    ...{
      name: 'card-verification-code',
      title: 'Card verification code',
      classes: ['pii', 'pci', 'ccpa', 'secret'],
      reference: 'PCI DSS 4.0, 3.3',
    },
    headers: phrases(
      'cvv|cvc|cvv2|cvc2|cid|csc|card verification|card security code|security code|prüfziffer karte|cryptogramme|codigo de seguridad',
    ),
    fits: (text) => /^[0-9]{3,4}$/.test(text),
    chance: 0.1,
  },
  {
    ...{
      name: 'card-expiry',
      title: 'Expiry of a card',
      classes: ['pii', 'pci'],
      reference: 'PCI DSS 4.0, requirement 3',
    },
    headers: phrases(
      'card expiry|card expiration|expiry date|expiration date|exp date|expiry|cc exp|valid thru|gültig bis|date d expiration|fecha de caducidad|scadenza carta',
    ),
    fits: (text) => /^(?:0[1-9]|1[0-2])[/-](?:20)?[0-9]{2}$/.test(text) || /^20[0-9]{2}-(?:0[1-9]|1[0-2])$/.test(text),
    chance: 0.02,
    alone: 0.02,
    weigh: ({ different }) =>
      shareOf(different, (text) => /^(?:0[1-9]|1[0-2])\/[0-9]{2}$/.test(text)) >= 0.95 ? 5 : 1,
  },
  {
    ...{
      name: 'photograph',
      title: 'Photograph of a person',
      classes: ['pii', 'hipaa'],
      hipaa: 'Q',
      reference: `${rule}(Q)`,
    },
    headers: phrases('photo|photo url|portrait|headshot|avatar|profile picture|profile photo|passfoto|foto'),
    fits: () => true,
    chance: 0.9,
  },
];
