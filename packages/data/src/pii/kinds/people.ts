import { Phrases } from '../columns/header.ts';
import { type ColumnKind, type Sampled, shareOf } from './column-kind.ts';
import { hasGivenName } from './known-names.ts';

/** Letters, and what stands between them in names. */
const isWritten = /^\p{L}[\p{L}\p{M}'’`.,\- ]{0,79}$/u;
const isLatin = /\p{sc=Latin}/u;

const mayBeName =
  (most: number) =>
  (text: string): boolean =>
    isWritten.test(text) && text.split(/ +/).length <= most;

/** Of things: `product name`, `file_name`. Not of people: `hostname`. */
export const things = new Phrases(
  `product file company business employer organisation organization column table host domain brand model item event class
  school bank branch store shop project package team service server device app application category field variable attribute
  feature group department unit sensor station road river island plant animal species song album movie film book game
  schema database function method process task job plan campaign channel menu recipe drug medicine disease country city state
  region county currency colour color font image icon label tag type status role permission screen page site course subject
  vendor supplier manufacturer merchant produit producto produto prodotto produkt firma firmen firmenname dateiname entreprise
  empresa azienda bedrijf`.split(/\s+/),
);

/** Common given names among them speak for people; none among many, of Latin letters, against. */
function asPeople({ different }: Sampled): number {
  const latin = different.filter((text) => isLatin.test(text));
  if (latin.length < 5) return 1;
  const share = shareOf(latin, hasGivenName);
  if (share >= 0.5) return 60;
  if (share >= 0.2) return 12;
  return share >= 0.05 || latin.length < 20 ? 1 : 0.15;
}

/** Names repeat, but not as categories do. */
const manyDifferent = ({ cells, different }: Sampled): number =>
  cells.length < 20 ? 1 : different.length / cells.length >= 0.3 || different.length >= 40 ? 1.5 : 0.1;

const phrases = (text: string): Phrases => new Phrases(text.split('|').map((each) => each.trim()));

const name = { classes: ['pii', 'hipaa', 'ccpa'], hipaa: 'A' } as const;
const reference = 'GDPR article 4(1); 45 CFR 164.514(b)(2)(i)(A)';

/** Names of people. */
export const people: readonly ColumnKind[] = [
  {
    ...{ name: 'person-name', title: 'Name of a person', ...name, reference, against: things },
    headers: phrases(
      `name|full name|fullname|person name|account holder|card holder|cardholder|cardholder name|name on card|vollständiger name|vor und nachname|kontoinhaber|nom complet|nom et prénom|nombre completo|nombre y apellidos|titular|nome completo|nome e cognome|nominativo|intestatario|naam|volledige naam|imię i nazwisko|imie nazwisko|jméno a příjmení|celé jméno|teljes név|név|fullständigt namn|namn|navn|fullt navn|fulde navn|nimi|koko nimi|täisnimi|pilns vārds|vardas pavardė|nume complet|nume și prenume|име и фамилия|ονοματεπώνυμο|όνομα|ime i prezime|ad soyad|adı soyadı|isim|фио|имя|полное имя|піб|姓名|名字|氏名|名前|이름|성명|성함|ชื่อ|ชื่อ-นามสกุล|nama|nama penuh|nama lengkap|שם|שם מלא|الاسم|الاسم الكامل|नाम|पूरा नाम|fullt nafn|nafn`,
    ),
    only: phrases(
      'person|patient|customer|client|contact|employee|recipient|beneficiary|applicant|defendant|author|owner|sender|payer|payee|titular',
    ),
    fits: mayBeName(6),
    chance: 0.45,
    alone: 0.02,
    weigh: (values) => {
      const words = shareOf(values.different, (text) => text.split(/ +/).length >= 2 || !isLatin.test(text));
      return asPeople(values) * manyDifferent(values) * (words >= 0.5 ? 1.5 : 0.8);
    },
  },
  {
    ...{ name: 'given-name', title: 'Given name', ...name, reference, against: things },
    headers: phrases(
      `first|first name|firstname|fname|given name|forename|middle name|middlename|middle|christian name|preferred name|nickname|vorname|rufname|prénom|prenom|deuxième prénom|primer nombre|segundo nombre|nombre|nombres|nombre de pila|nome|primeiro nome|nome próprio|voornaam|roepnaam|imię|imie|jméno|krestni jmeno|křestní jméno|keresztnév|utónév|förnamn|fornavn|etunimi|eesnimi|vārds|vards|vardas|prenume|ime|име|собствено име|όνομα|ad|adı|isim|имя|ім'я|名|名前（名）|given|이름|ชื่อจริง|nama pertama|nama depan|שם פרטי|الاسم الأول|पहला नाम|fornafn|eiginnafn`,
    ),
    fits: mayBeName(4),
    chance: 0.4,
    alone: 0.02,
    weigh: (values) => asPeople(values) * (values.different.length < 5 && values.cells.length > 50 ? 0.1 : 1),
  },
  {
    ...{ name: 'family-name', title: 'Family name', ...name, reference, against: things },
    headers: phrases(
      `last|last name|lastname|lname|surname|family name|maiden name|mother's maiden name|mothers maiden name|nachname|familienname|zuname|geburtsname|nom|nom de famille|nom de naissance|apellido|apellidos|primer apellido|segundo apellido|apellido paterno|apellido materno|cognome|sobrenome|apelido|último nome|achternaam|familienaam|nazwisko|nazwisko rodowe|příjmení|prijmeni|priezvisko|vezetéknév|családnév|efternamn|etternavn|efternavn|sukunimi|perekonnanimi|uzvārds|uzvards|pavardė|pavarde|nume|nume de familie|фамилия|прізвище|επώνυμο|prezime|priimek|soyad|soyadı|soyisim|姓|苗字|姓氏|성|นามสกุล|nama keluarga|nama akhir|שם משפחה|اسم العائلة|उपनाम|eftirnafn`,
    ),
    fits: mayBeName(5),
    chance: 0.4,
    weigh: manyDifferent,
  },
  {
    ...{ name: 'username', title: 'Name of an account', classes: ['pii', 'hipaa', 'ccpa'], hipaa: 'R', reference },
    headers: phrases(
      `username|user name|login|login name|user login|screen name|handle|account name|twitter|twitter handle|instagram|github|skype|benutzername|anmeldename|identifiant|nom d'utilisateur|usuario|nombre de usuario|utente|nome utente|usuário|nome de usuário|gebruikersnaam|nazwa użytkownika|uživatelské jméno|felhasználónév|användarnamn|brukernavn|brugernavn|käyttäjätunnus|kullanıcı adı|用户名|ユーザー名|사용자명|아이디`,
    ),
    fits: (text) => /^@?[\p{L}\p{N}._\-]{2,64}$/u.test(text),
    chance: 0.5,
    weigh: manyDifferent,
  },
];
