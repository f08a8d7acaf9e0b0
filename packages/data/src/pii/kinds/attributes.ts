import { Phrases } from '../columns/header.ts';
import { type ColumnKind, shareOf } from './column-kind.ts';
import { things } from './people.ts';

const phrases = (text: string): Phrases => new Phrases(text.split('|').map((each) => each.trim()));

const isWord = (text: string): boolean => /^\p{L}[\p{L}\p{M}\p{N}'’.,/()&+\- ]{0,99}$/u.test(text);

/** A text out of a list, whatever its case. */
function among(list: string): (text: string) => boolean {
  const all = new Set(list.split('|').map((each) => each.trim()));
  return (text) => all.has(text.toLowerCase());
}

const isSex = among(
  'm|f|w|d|x|h|k|n|male|female|man|woman|men|women|boy|girl|männlich|weiblich|divers|homme|femme|masculin|féminin|hombre|mujer|masculino|femenino|femminile|maschio|femmina|feminino|vrouw|mężczyzna|kobieta|muž|žena|férfi|nő|kvinna|mann|kvinne|mand|kvinde|mies|nainen|erkek|kadın|муж|жен|мужской|женский|м|ж|男|女|男性|女性|남|여|남성|여성|non-binary|nonbinary|diverse|other|unknown|u|not specified|prefer not to say|0|1|2|9',
);
const isSexWord = among(
  'male|female|männlich|weiblich|homme|femme|hombre|mujer|masculino|femenino|feminino|maschio|femmina|kobieta|mężczyzna|muž|žena|kvinna|kvinne|kvinde|erkek|kadın|мужской|женский|男|女|男性|女性|남|여|남성|여성|m|f',
);
const isRace = among(
  'white|black|asian|african-american|african american|caucasian|hispanic|latino|latina|hispanic or latino|native american|american indian|american indian or alaska native|amer-indian-eskimo|asian-pac-islander|pacific islander|native hawaiian|native hawaiian or other pacific islander|black or african american|middle eastern|mixed|multiracial|two or more races|arab|roma|sinti|han|other|unknown|white british|black british|british asian|indian|chinese|malay|coloured|colored|black african|asian indian|indigenous|aboriginal|torres strait islander|maori|pardo|preta|branca|amarela|indígena',
);
const isReligion = among(
  'christian|christianity|catholic|roman catholic|protestant|evangelical|lutheran|orthodox|muslim|islam|islamic|sunni|shia|jewish|judaism|hindu|hinduism|buddhist|buddhism|sikh|sikhism|jain|bahai|atheist|agnostic|none|other|no religion|mormon|katholisch|evangelisch|römisch-katholisch|konfessionslos|muslimisch|jüdisch|rk|ev|taoist|shinto',
);
const isMarital = among(
  'single|married|divorced|widowed|separated|never-married|never married|married-civ-spouse|married-spouse-absent|married-af-spouse|civil partnership|domestic partnership|ledig|verheiratet|geschieden|verwitwet|célibataire|marié|mariée|divorcé|soltero|soltera|casado|casada|divorciado|viudo|celibe|nubile|coniugato|significant other|other|unknown',
);
const isBlood = /^(?:A|B|AB|O|0)\s?(?:[+-]|pos|neg|rh[+-]|positive|negative)$/i;

const personal = { classes: ['pii'] } as const;
const special = { classes: ['pii', 'special', 'ccpa'] } as const;
const article9 = 'GDPR article 9(1)';

/** What is said of people. */
export const attributes: readonly ColumnKind[] = [
  {
    ...{ name: 'sex', title: 'Sex or gender', ...personal, reference: 'California Government Code 12940' },
    headers: phrases(
      `sex|gender|gender identity|geschlecht|sexe|genre|sexo|género|genero|sesso|genere|gênero|geslacht|płeć|plec|pohlaví|pohlavie|nem|kön|kjønn|køn|sukupuoli|sugu|dzimums|lytis|gen|пол|φύλο|spol|cinsiyet|стать|性别|性別|성별|เพศ|jantina|jenis kelamin|מין|الجنس|लिंग|kyn`,
    ),
    fits: isSex,
    chance: 0.1,
    alone: 0.02,
    weigh: ({ different }) => {
      if (different.length > 8) return 0.01;
      return different.length >= 2 && shareOf(different, isSexWord) === 1 ? 30 : 1;
    },
  },
  {
    ...{ name: 'race-or-ethnicity', title: 'Racial or ethnic origin', ...special, reference: article9 },
    headers: phrases(
      'race|ethnicity|ethnic|ethnic group|ethnic origin|racial|ethnie|etnia|raza|raça|razza|herkunft|ethnische herkunft|etniciteit|pochodzenie etniczne|民族|인종|suku',
    ),
    fits: isWord,
    chance: 0.5,
    alone: 0.004,
    weigh: ({ different }) =>
      different.length >= 2 && shareOf(different, isRace) >= 0.8 ? 60 : different.length > 60 ? 0.1 : 1,
  },
  {
    ...{ name: 'religion', title: 'Religious or philosophical belief', ...special, reference: article9 },
    headers: phrases(
      'religion|religious|religious affiliation|faith|belief|denomination|confession|konfession|religionszugehörigkeit|religión|religione|religião|religie|wyznanie|náboženství|vallás|uskonto|din|宗教|종교|agama',
    ),
    fits: isWord,
    chance: 0.5,
    alone: 0.004,
    weigh: ({ different }) =>
      different.length >= 2 && shareOf(different, isReligion) >= 0.8 ? 60 : different.length > 60 ? 0.1 : 1,
  },
  {
    ...{ name: 'political-opinion', title: 'Political opinion', ...special, reference: article9 },
    headers: phrases(
      'political|politics|political opinion|political party|political affiliation|party affiliation|party registration|vote|voted for|partei|parteizugehörigkeit|parti politique|partido político',
    ),
    fits: isWord,
    chance: 0.5,
  },
  {
    ...{ name: 'trade-union', title: 'Membership of a trade union', ...special, reference: article9 },
    headers: phrases('union member|union membership|trade union|labor union|gewerkschaft|syndicat|sindicato|sindacato'),
    fits: (text) => text.length <= 60,
    chance: 0.9,
  },
  {
    ...{ name: 'sexual-orientation', title: 'Sex life or sexual orientation', ...special, reference: article9 },
    headers: phrases(
      'sexual orientation|sexuality|orientation sexuelle|orientación sexual|sexuelle orientierung|sex life|lgbt|lgbtq',
    ),
    fits: isWord,
    chance: 0.5,
  },
  {
    ...{ name: 'health', title: 'Health', ...special, reference: `${article9}, 4(15)` },
    headers: phrases(
      `diagnosis|diagnoses|diagnosis code|icd|icd10|icd 10|icd code|disease|illness|condition|medical condition|medical history|health|health status|health condition|medication|medications|drug name|prescription|treatment|symptom|symptoms|allergy|allergies|disability|disabled|blood type|blood group|hiv|hiv status|pregnant|pregnancy|vaccination|bmi|blood pressure|glucose|insulin|cholesterol|smoker|mental health|therapy|surgery|procedure code|diagnose|krankheit|befund|behinderung|blutgruppe|medikament|allergie|maladie|diagnostic|handicap|groupe sanguin|diagnóstico|enfermedad|discapacidad|grupo sanguíneo|diagnosi|malattia|gruppo sanguigno|doença|deficiência|ziekte|choroba|grupa krwi|nemoc|sairaus|病名|診断|진단|病史|diagnóza`,
    ),
    fits: (text) => text.length <= 200,
    chance: 0.6,
    alone: 0.02,
    weigh: ({ different }) =>
      different.length >= 2 && shareOf(different, (text) => isBlood.test(text)) >= 0.9 ? 100 : 1,
  },
  {
    ...{
      name: 'genetic-or-biometric',
      title: 'Genetic or biometric data',
      classes: ['pii', 'special', 'hipaa', 'ccpa'],
      hipaa: 'P',
    },
    reference: `${article9}, 4(13) and (14)`,
    headers: phrases(
      'fingerprint|finger print|face embedding|faceprint|iris scan|retina|voiceprint|biometric|biometrics|dna|genome|genotype|gene sequence|haplotype',
    ),
    fits: () => true,
    chance: 0.9,
  },
  {
    ...{
      name: 'criminal-record',
      title: 'Criminal convictions and offences',
      ...special,
      reference: 'GDPR article 10',
    },
    headers: phrases(
      `charge|charge desc|charge degree|offense|offence|offense date|arrest|arrest date|arrests|conviction|convictions|criminal|criminal record|crime|felony|fel|misdemeanor|misd|priors|priors count|prior convictions|recid|recidivism|recidivist|jail|jail in|jail out|prison|custody|sentence length|inmate|probation|parole|juvenile|juv|vorstrafe|vorstrafen|straftat|delikt|condamnation|casier judiciaire|antecedentes penales`,
    ),
    fits: (text) => text.length <= 200,
    chance: 0.6,
  },
  {
    ...{
      name: 'nationality',
      title: 'Nationality or citizenship',
      classes: ['pii', 'ccpa'],
      reference: 'CCPA 1798.140(ae)(1)(D)',
    },
    headers: phrases(
      'nationality|citizenship|citizenship status|immigration status|native country|country of birth|birth country|staatsangehörigkeit|nationalität|nationalité|nacionalidad|nazionalità|cittadinanza|nacionalidade|nationaliteit|obywatelstwo|narodowość|státní příslušnost|állampolgárság|medborgarskap|statsborgerskap|kansalaisuus|国籍|국적|kewarganegaraan|uyruk|гражданство|υπηκοότητα|cetățenie|državljanstvo',
    ),
    fits: isWord,
    chance: 0.5,
  },
  {
    ...{ name: 'marital-status', title: 'Marital status', ...personal, reference: 'GDPR article 4(1)' },
    headers: phrases(
      'marital|marital status|civil status|family status|relationship status|familienstand|état civil|estado civil|stato civile|burgerlijke staat|stan cywilny|rodinný stav|családi állapot|civilstånd|sivilstand|civilstand|siviilisääty|medeni hal|婚姻状况|婚姻|결혼여부',
    ),
    fits: isWord,
    chance: 0.5,
    alone: 0.004,
    weigh: ({ different }) => (different.length >= 2 && shareOf(different, isMarital) >= 0.8 ? 60 : 1),
  },
  {
    ...{ name: 'age', title: 'Age', ...personal, reference: 'GDPR article 4(1)', against: things },
    headers: phrases(
      'age|age years|age in years|alter|âge|edad|età|idade|leeftijd|wiek|věk|vek|kor|életkor|ålder|alder|ikä|yaş|возраст|ηλικία|vârstă|starost|年龄|年齢|나이|อายุ|umur|usia|גיל|العمر|आयु|aldur',
    ),
    fits: (text) => /^[0-9]{1,3}(?:[.]0)?$/.test(text) && Number(text) <= 120,
    chance: 0.3,
  },
  {
    ...{ name: 'occupation', title: 'Occupation or employer', ...personal, reference: 'CCPA 1798.140(v)(1)(I)' },
    headers: phrases(
      'occupation|job|job title|profession|employer|position title|beruf|arbeitgeber|métier|employeur|ocupación|profesión|professione|profissão|beroep|zawód|povolání|yrke|ammatti|職業|职业|직업',
    ),
    fits: isWord,
    chance: 0.5,
  },
  {
    ...{ name: 'income', title: 'Income', classes: ['pii', 'financial'], reference: 'GDPR article 4(1)' },
    headers: phrases(
      'salary|income|annual income|monthly income|wage|wages|gehalt|einkommen|lohn|salaire|revenu|salario|ingresos|stipendio|reddito|salário|renda|salaris|inkomen|wynagrodzenie|plat|fizetés|lön|palkka|maaş|年收入|工资|給与|연봉',
    ),
    fits: (text) => /[0-9]/.test(text),
    chance: 0.4,
  },
];
